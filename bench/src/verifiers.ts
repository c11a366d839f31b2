import { createAuthenticator } from '@hasura-auth/core';
import { createHmac, createVerify, timingSafeEqual, verify, type webcrypto } from 'node:crypto';
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import { importJWK, jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { authOptions } from './auth-options.js';
import { issuer, type BenchKey, type BenchRequest } from './tokens.js';

/** Verifies tokens in this process. `verify` returns or resolves with the result, and throws or rejects if the token is bad. */
export interface Verifier {
  readonly name: string;
  verify(request: BenchRequest): unknown;
}

const tokenOf = ({ headers }: BenchRequest): string => headers.authorization.slice(7);

/** hasura-auth, which also chooses the role and builds the session. */
export function hasuraAuth(key: BenchKey, tokenCache: 'cache on' | 'cache off'): Verifier {
  const { authenticate } = createAuthenticator({
    ...authOptions(key),
    ...(tokenCache === 'cache off' && { tokenCache: false }),
  });
  return {
    name: `hasura-auth, ${tokenCache}`,
    verify: (request) => authenticate(request),
  };
}

function signatureIsRight(key: BenchKey, input: string, signature: Buffer): boolean {
  switch (key.alg) {
    case 'HS256': {
      const expected = createHmac('sha256', key.verificationKey).update(input).digest();
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    }
    case 'RS256': // createVerify takes no longer than the one-shot verify
      return createVerify('sha256').update(input).verify(key.verificationKey, signature);
    case 'ES256':
      return createVerify('sha256')
        .update(input)
        .verify({ key: key.verificationKey, dsaEncoding: 'ieee-p1363' }, signature);
    case 'EdDSA':
      return verify(null, Buffer.from(input, 'latin1'), key.verificationKey, signature);
  }
}

/** The name of the bare verifier. */
export const limit = 'bare node:crypto (the limit)';

/** The limit: only base64url, JSON.parse, the signature and `exp`. It is not complete enough to be a library. */
export function bare(key: BenchKey): Verifier {
  return {
    name: limit,
    verify(request) {
      const token = tokenOf(request);
      const dot = token.lastIndexOf('.');
      const input = token.slice(0, dot);
      // the header is not read, because there is one key for one algorithm
      if (!signatureIsRight(key, input, Buffer.from(token.slice(dot + 1), 'base64url')))
        throw new Error('signature');
      const payload = Buffer.from(input.slice(input.indexOf('.') + 1), 'base64url');
      const claims = JSON.parse(payload.toString()) as { exp: number };
      if (Date.now() >= claims.exp * 1000) throw new Error('exp');
      return claims;
    },
  };
}

/** A Map from header to the claims that the bare verifier returned: no bounds, no expiry, no roles. No cache can be faster. */
export function idealMap(key: BenchKey): Verifier {
  const known = new Map<string, unknown>();
  const verifier = bare(key);
  return {
    name: 'ideal Map',
    verify(request) {
      const { authorization } = request.headers;
      const found = known.get(authorization);
      if (found !== undefined) return found;
      const claims = verifier.verify(request);
      known.set(authorization, claims);
      return claims;
    },
  };
}

export function fastJwt(key: BenchKey, cache: 'cache on' | 'cache off'): Verifier {
  const verifyToken = createVerifier({
    key: key.text,
    algorithms: [key.alg],
    cache: cache === 'cache on' ? 10_000 : false, // as many as hasura-auth keeps by default
  }) as (token: string) => unknown;
  return {
    name: `fast-jwt, ${cache}`,
    verify: (request) => verifyToken(tokenOf(request)),
  };
}

export function jsonWebToken(key: BenchKey): Verifier {
  const options = { algorithms: [key.alg as 'RS256'] };
  return {
    name: 'jsonwebtoken, KeyObject',
    verify: (request) => jsonwebtoken.verify(tokenOf(request), key.verificationKey, options),
  };
}

/** Imports a key as a CryptoKey, the form that jose uses without conversion. */
export async function importedKey(key: BenchKey): Promise<webcrypto.CryptoKey | Uint8Array> {
  if (key.alg !== 'HS256') return importJWK(key.jwk, key.alg);
  return crypto.subtle.importKey(
    'raw',
    Buffer.from(key.text),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
}

async function joseByHand(key: BenchKey): Promise<Verifier> {
  const cryptoKey = await importedKey(key);
  const options = { algorithms: [key.alg] };
  return {
    name: 'jose jwtVerify, CryptoKey',
    verify: (request) => jwtVerify(tokenOf(request), cryptoKey, options),
  };
}

function awsJwtVerify(key: BenchKey): Verifier {
  const verifier = JwtVerifier.create({ issuer, audience: null });
  verifier.cacheJwks({ keys: [key.jwk] } as Parameters<typeof verifier.cacheJwks>[0]);
  return {
    name: 'aws-jwt-verify, verifySync',
    verify: (request) => verifier.verifySync(tokenOf(request)),
  };
}

/** Returns every contender that supports the algorithm of the key. */
export async function verifiers(key: BenchKey): Promise<readonly Verifier[]> {
  return [
    bare(key),
    idealMap(key),
    hasuraAuth(key, 'cache on'),
    hasuraAuth(key, 'cache off'),
    fastJwt(key, 'cache on'),
    fastJwt(key, 'cache off'),
    // jsonwebtoken does not support EdDSA, aws-jwt-verify does not support shared secrets
    ...(key.alg === 'EdDSA' ? [] : [jsonWebToken(key)]),
    ...(key.alg === 'HS256' ? [] : [awsJwtVerify(key)]),
    await joseByHand(key),
  ];
}
