import { createAuthenticator } from '@hasura-auth/core';
import { createHmac, createVerify, timingSafeEqual, verify } from 'node:crypto';
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import { jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { importedKey } from './imported-key.js';
import { authOptions } from './ourselves.js';
import { issuer, type BenchKey, type BenchRequest } from './tokens.js';

/** Someone who verifies a token in this process and answers with what it found, at once or later; throws at a bad one. */
export interface Verifier {
  readonly name: string;
  verify(request: BenchRequest): unknown;
}

const tokenOf = ({ headers }: BenchRequest): string => headers.authorization.slice(7);

/** Ourselves, session and role choice included. */
export function ourselves(key: BenchKey, tokenCache: 'cache on' | 'cache off'): Verifier {
  const { authenticate } = createAuthenticator({
    ...authOptions(key),
    ...(tokenCache === 'cache off' && { tokenCache: false }),
  });
  return {
    name: `ourselves, ${tokenCache}`,
    verify: (request) => authenticate(request),
  };
}

function signatureIsRight(key: BenchKey, input: string, signature: Buffer): boolean {
  switch (key.alg) {
    case 'HS256': {
      const expected = createHmac('sha256', key.verificationKey).update(input).digest();
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    }
    case 'RS256': // createVerify takes less time than the one-shot verify
      return createVerify('sha256').update(input).verify(key.verificationKey, signature);
    case 'ES256':
      return createVerify('sha256')
        .update(input)
        .verify({ key: key.verificationKey, dsaEncoding: 'ieee-p1363' }, signature);
    case 'EdDSA':
      return verify(null, Buffer.from(input, 'latin1'), key.verificationKey, signature);
  }
}

/** The limit: nothing but base64url, JSON.parse, the signature and `exp`. It would not do as a library. */
export function bare(key: BenchKey): Verifier {
  return {
    name: 'bare node:crypto (the limit)',
    verify(request) {
      const token = tokenOf(request);
      const dot = token.lastIndexOf('.');
      const input = token.slice(0, dot);
      // the header is not read: there is one key, and it knows its algorithm
      if (!signatureIsRight(key, input, Buffer.from(token.slice(dot + 1), 'base64url')))
        throw new Error('signature');
      const payload = Buffer.from(input.slice(input.indexOf('.') + 1), 'base64url');
      const claims = JSON.parse(payload.toString()) as { exp: number };
      if (Date.now() >= claims.exp * 1000) throw new Error('exp');
      return claims;
    },
  };
}

/** A Map from header to what the bare verifier found: no bounds, no expiry, no roles. Nothing can be warmer. */
export function idealMap(key: BenchKey): Verifier {
  const known = new Map<string, unknown>();
  const limit = bare(key);
  return {
    name: 'ideal Map',
    verify(request) {
      const { authorization } = request.headers;
      const found = known.get(authorization);
      if (found !== undefined) return found;
      const claims = limit.verify(request);
      known.set(authorization, claims);
      return claims;
    },
  };
}

export function fastJwt(key: BenchKey, cache: 'cache on' | 'cache off'): Verifier {
  const verifyToken = createVerifier({
    key: key.text,
    algorithms: [key.alg],
    cache: cache === 'cache on' ? 10_000 : false, // as many as ours keeps
  }) as (token: string) => unknown;
  return {
    name: `fast-jwt, ${cache}`,
    verify: (request) => verifyToken(tokenOf(request)),
  };
}

function jsonWebToken(key: BenchKey): Verifier {
  const options = { algorithms: [key.alg as 'RS256'] };
  return {
    name: 'jsonwebtoken, KeyObject',
    verify: (request) => jsonwebtoken.verify(tokenOf(request), key.verificationKey, options),
  };
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

/** Everyone that can verify this algorithm without a framework. */
export async function verifiers(key: BenchKey): Promise<readonly Verifier[]> {
  return [
    bare(key),
    idealMap(key),
    ourselves(key, 'cache on'),
    ourselves(key, 'cache off'),
    fastJwt(key, 'cache on'),
    fastJwt(key, 'cache off'),
    // jsonwebtoken knows no EdDSA, aws-jwt-verify no shared secrets
    ...(key.alg === 'EdDSA' ? [] : [jsonWebToken(key)]),
    ...(key.alg === 'HS256' ? [] : [awsJwtVerify(key)]),
    await joseByHand(key),
  ];
}
