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

/** What a token shall say. */
export interface TokenWish {
  readonly user: string;
  /** The default role. */
  readonly role: string;
  readonly roles: readonly string[];
  /** Seconds from now until it expires; negative for one that has expired. */
  readonly expires: number;
}

/** Signs tokens that one JWT configuration accepts. */
export interface TokenSigner {
  readonly location: TokenLocation;
  /** How many seconds the configuration tolerates beyond a token's end. */
  readonly skew: number;
  /** The public keys, for a key set; none where the secret is shared. */
  readonly keys: readonly JWK[];
  sign(wish: TokenWish): Promise<string>;
}

const name = 'hasura-auth-demo';
const defaultNamespace = 'https://hasura.io/jwt/claims';

/** A signer with a key pair of its own, and the configuration that trusts it. */
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

/** A signer for a configuration of the user's own, or why there can be none. */
export function signerFor(secret: JwtSecret): TokenSigner | string {
  if (secret.jwk_url !== undefined) return 'its keys are fetched from jwk_url';
  const alg = secret.algorithms?.[0] ?? secret.type;
  if (secret.key === undefined || alg === undefined || !alg.startsWith('HS'))
    return 'its key is public, and the private one is elsewhere';
  if (secret.claims_map !== undefined) return 'its claims are mapped';
  if (secret.claims_namespace_path !== undefined) return 'its claims stand at a path';
  const key = new TextEncoder().encode(secret.key);
  return {
    location: tokenLocation(secret.header),
    skew: secret.allowed_skew ?? 0,
    keys: [],
    sign: (wish) =>
      new SignJWT(payload(wish, secret)).setProtectedHeader({ alg, typ: 'JWT' }).sign(key),
  };
}

/** Every registered claim is there, since `extra_required_claims` may ask for any. */
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
