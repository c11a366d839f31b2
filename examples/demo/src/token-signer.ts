import { randomUUID } from 'node:crypto';
import type { JwtSecret } from '@hasura-auth/core';
import type { DevelopmentIssuer, DevelopmentToken } from '@hasura-auth/inspector';
import { SignJWT } from 'jose';
import { bearer, tokenLocation, type TokenLocation } from './token-location.js';

/** Signs tokens that one JWT configuration accepts. */
export interface TokenSigner extends DevelopmentIssuer {
  readonly location: TokenLocation;
  /** The `allowed_skew` of the configuration, in seconds. */
  readonly skew: number;
}

const name = 'hasura-auth-demo';
const defaultNamespace = 'https://hasura.io/jwt/claims';

/** The signer of the demo's own configuration. */
export function signerOf(issuer: DevelopmentIssuer): TokenSigner {
  return { ...issuer, location: bearer, skew: 0 };
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
    issuer: secret.issuer ?? name,
    jwtSecret: secret,
    location: tokenLocation(secret.header),
    skew: secret.allowed_skew ?? 0,
    token: (contents) =>
      new SignJWT(payload(contents, secret)).setProtectedHeader({ alg, typ: 'JWT' }).sign(key),
  };
}

/** Includes every registered claim, because `extra_required_claims` may require any of them. */
function payload(
  { role = 'user', roles = [], variables = {}, expiresIn = 3600, claims }: DevelopmentToken,
  secret: JwtSecret,
): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const audience = secret.audience ?? name;
  const namespace = {
    ...variables,
    'x-hasura-allowed-roles': [role, ...roles],
    'x-hasura-default-role': role,
  };
  return {
    iss: secret.issuer ?? name,
    sub: variables['x-hasura-user-id'] ?? '1',
    aud: typeof audience === 'string' ? audience : audience[0],
    iat: now,
    nbf: now,
    exp: now + expiresIn,
    jti: randomUUID(),
    [secret.claims_namespace ?? defaultNamespace]:
      secret.claims_format === 'stringified_json' ? JSON.stringify(namespace) : namespace,
    ...claims,
  };
}
