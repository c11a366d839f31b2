import type { AuthOptions } from '@hasura-auth/core';
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerify } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { issuer, type PublicKey } from './tokens.js';

/** Verifies the token of an `Authorization` header and returns its claims, or throws. */
export type ByHand = (authorization: string | undefined) => unknown;

const tokenOf = (authorization: string | undefined): string => {
  if (!authorization?.startsWith('Bearer ')) throw new Error('no token');
  return authorization.slice(7);
};

/** A Map from header to claims, filled by `node:crypto`. It has no bounds, no expiry and no roles. */
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

/** jose, with a key that is imported once. */
export async function joseByHand({ jwk }: PublicKey): Promise<ByHand> {
  const key = await importJWK(jwk, 'RS256');
  return async (authorization) =>
    (await jwtVerify(tokenOf(authorization), key, { algorithms: ['RS256'] })).payload;
}

/** aws-jwt-verify, with its key set passed in, so that it fetches none. */
export function awsByHand({ jwk }: PublicKey): ByHand {
  const verifier = JwtVerifier.create({ issuer, audience: null });
  verifier.cacheJwks({ keys: [jwk] } as Parameters<typeof verifier.cacheJwks>[0]);
  return (authorization) => verifier.verifySync(tokenOf(authorization));
}

/** The options of hasura-auth. */
export function ownOptions({ text }: PublicKey, tokenCache: boolean): AuthOptions {
  return {
    adminSecret: 'the-secret-of-the-benchmark',
    jwtSecret: { type: 'RS256', key: text },
    ...(tokenCache ? {} : { tokenCache: false }),
  };
}
