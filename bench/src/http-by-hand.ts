import type { AuthOptions } from '@hasura-auth/core';
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerify } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import type { PublicKey } from './http-key.js';
import { issuer } from './tokens.js';

/** Finds what a request's Authorization header says, or throws. */
export type ByHand = (authorization: string | undefined) => unknown;

const tokenOf = (authorization: string | undefined): string => {
  if (!authorization?.startsWith('Bearer ')) throw new Error('no token');
  return authorization.slice(7);
};

/** A Map from header to claims, with `node:crypto` behind it: without bounds, expiry, roles. */
export function idealMapByHand({ verificationKey }: PublicKey): ByHand {
  const known = new Map<string, unknown>();
  return (authorization = '') => {
    const found = known.get(authorization);
    if (found !== undefined) return found;
    const token = tokenOf(authorization);
    const dot = token.lastIndexOf('.');
    const input = token.slice(0, dot);
    const signature = Buffer.from(token.slice(dot + 1), 'base64url');
    if (!createVerify('sha256').update(input).verify(verificationKey, signature))
      throw new Error('signature');
    const payload = Buffer.from(input.slice(input.indexOf('.') + 1), 'base64url').toString();
    const claims = JSON.parse(payload) as { exp: number };
    if (Date.now() >= claims.exp * 1000) throw new Error('exp');
    known.set(authorization, claims);
    return claims;
  };
}

/** jose, with the key imported once. */
export async function joseByHand({ jwk }: PublicKey): Promise<ByHand> {
  const key = await importJWK(jwk, 'RS256');
  return async (authorization) =>
    (await jwtVerify(tokenOf(authorization), key, { algorithms: ['RS256'] })).payload;
}

/** aws-jwt-verify, with the key set given, so that it fetches none. */
export function awsByHand({ jwk }: PublicKey): ByHand {
  const verifier = JwtVerifier.create({ issuer, audience: null });
  verifier.cacheJwks({ keys: [jwk] } as Parameters<typeof verifier.cacheJwks>[0]);
  return (authorization) => verifier.verifySync(tokenOf(authorization));
}

/** The options of our own contenders. */
export function ownOptions({ text }: PublicKey, tokenCache: boolean): AuthOptions {
  return {
    adminSecret: 'the-secret-of-the-benchmark',
    jwtSecret: { type: 'RS256', key: text },
    ...(tokenCache ? {} : { tokenCache: false }),
  };
}
