import { randomUUID } from 'node:crypto';
import type { JwtSecret } from '@hasura-auth/core';
import {
  calculateJwkThumbprint,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  type JWK,
} from 'jose';
import { bearer, tokenLocation, type TokenLocation } from './token-location.js';

/** The contents of a requested token. */
export interface TokenWish {
  readonly user: string;
  /** The default role. */
  readonly role: string;
  readonly roles: readonly string[];
  /** Seconds from now until it expires; negative for an expired token. */
  readonly expires: number;
}

/** Signs tokens that one JWT configuration accepts. */
export interface TokenSigner {
  readonly location: TokenLocation;
  /** The `allowed_skew` of the configuration, in seconds. */
  readonly skew: number;
  /** The public keys for a key set; empty if the secret is shared. */
  readonly keys: readonly JWK[];
  sign(wish: TokenWish): Promise<string>;
}

const name = 'hasura-auth-demo';
const defaultNamespace = 'https://hasura.io/jwt/claims';

/** A signer with a new key pair, and the configuration that accepts its tokens. */
export async function ownSigner(): Promise<{ signer: TokenSigner; jwtSecret: JwtSecret }> {
  const alg = 'ES256';
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    jwtSecret: { type: alg, key: await exportSPKI(publicKey) },
    signer: {
      location: bearer,
      skew: 0,
      keys: [{ ...jwk, kid, alg, use: 'sig' }],
      sign: (wish) =>
        new SignJWT(payload(wish, {}))
          .setProtectedHeader({ alg, kid, typ: 'JWT' })
          .sign(privateKey),
    },
  };
}

/** A signer for the user's configuration; a string states why the demo cannot sign for it. */
export function signerFor(secret: JwtSecret): TokenSigner | string {
  if (secret.jwk_url !== undefined) return 'its keys are fetched from jwk_url';
  const alg = secret.algorithms?.[0] ?? secret.type;
  if (secret.key === undefined || alg === undefined || !alg.startsWith('HS'))
    return 'its key is public, and the demo does not have the private key';
  if (secret.claims_map !== undefined) return 'it uses claims_map';
  if (secret.claims_namespace_path !== undefined) return 'it uses claims_namespace_path';
  const key = new TextEncoder().encode(secret.key);
  return {
    location: tokenLocation(secret.header),
    skew: secret.allowed_skew ?? 0,
    keys: [],
    sign: (wish) =>
      new SignJWT(payload(wish, secret)).setProtectedHeader({ alg, typ: 'JWT' }).sign(key),
  };
}

/** Includes every registered claim, because `extra_required_claims` may require any of them. */
function payload(wish: TokenWish, secret: JwtSecret): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const audience = secret.audience ?? name;
  const claims = {
    'x-hasura-allowed-roles': wish.roles,
    'x-hasura-default-role': wish.role,
    'x-hasura-user-id': wish.user,
  };
  return {
    iss: secret.issuer ?? name,
    sub: wish.user,
    aud: typeof audience === 'string' ? audience : audience[0],
    iat: now,
    nbf: now,
    exp: now + wish.expires,
    jti: randomUUID(),
    [secret.claims_namespace ?? defaultNamespace]:
      secret.claims_format === 'stringified_json' ? JSON.stringify(claims) : claims,
  };
}
