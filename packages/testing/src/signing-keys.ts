import { randomBytes } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';

/** Algorithms with a shared secret, which the app's configuration contains. */
export type SharedSecretAlgorithm = 'HS256' | 'HS384' | 'HS512';

/** Algorithms with a key pair, whose public half is published in a key set. */
export type KeyPairAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519';

/** A key pair; `published` is its public half as a key set contains it. */
export interface KeyPair {
  readonly kind: 'pair';
  readonly alg: KeyPairAlgorithm;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly published: JWK & { readonly kid: string };
}

/** A shared secret, as the text that the member `key` of a JWT configuration contains. */
export interface SharedSecret {
  readonly kind: 'secret';
  readonly alg: SharedSecretAlgorithm;
  readonly text: string;
}

/** What a token is signed with. */
export type SigningKey = KeyPair | SharedSecret;

/** Makes a key pair that lives as long as this process. */
export async function makeKeyPair(alg: KeyPairAlgorithm): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const published = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
  return { kind: 'pair', alg, privateKey, publicKey, published };
}

/** Makes a secret of 64 random bytes, which is long enough for each algorithm. */
export function makeSharedSecret(alg: SharedSecretAlgorithm): SharedSecret {
  return { kind: 'secret', alg, text: randomBytes(64).toString('base64url') };
}

/** Signs a token. `kid` replaces the key id of a key pair in the token's header; `typ` is `JWT` by default. */
export function signToken(
  key: SigningKey,
  payload: JWTPayload,
  { kid, typ = 'JWT' }: { readonly kid?: string | undefined; readonly typ?: string } = {},
): Promise<string> {
  const token = new SignJWT(payload);
  if (key.kind === 'secret')
    return token.setProtectedHeader({ alg: key.alg, typ }).sign(new TextEncoder().encode(key.text));
  return token
    .setProtectedHeader({ alg: key.alg, kid: kid ?? key.published.kid, typ })
    .sign(key.privateKey);
}

/** The claim in which the engine looks for the roles and session variables of a token. */
export const claimsNamespace = 'https://hasura.io/jwt/claims';

/** The content of that claim: the default role first, then the others. */
export function hasuraClaims(
  roles: readonly [string, ...string[]],
  variables: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return {
    ...variables,
    'x-hasura-default-role': roles[0],
    'x-hasura-allowed-roles': roles,
  };
}
