import { createAuthenticator, type AuthOptions, type Explanation } from '../../src/index.js';
import { mintToken, spki, type Json } from '../tokens.js';

/** The moment at which every request here is decided. */
export const now = Date.UTC(2026, 5, 1);
export const seconds = now / 1000;

export const adminSecret = 'a-long-random-admin-secret';
export const rsa = { type: 'RS256', key: spki('rsa') } as const;
export const namespace = 'https://hasura.io/jwt/claims';
export const hasura = {
  'x-hasura-allowed-roles': ['user', 'editor'],
  'x-hasura-default-role': 'user',
} as const;

export type Claims = Readonly<Record<string, Json>>;

/** A token signed with RS256 and the key `rsa`, which holds these claims alone. */
export function signed(
  claims: Claims,
  header: Claims = {},
  key = 'rsa',
  alg = 'RS256',
): Promise<string> {
  return mintToken({ sign: { key, alg, header, unchecked: true }, claims });
}

export const bearer = (token: string): { readonly authorization: string } => ({
  authorization: `Bearer ${token}`,
});

/** An app in JWT mode whose clock stands. */
export function options(more: AuthOptions = {}): AuthOptions {
  const silent = () => undefined;
  return {
    adminSecret,
    jwtSecret: rsa,
    runtime: { now: () => now },
    logger: { warn: silent, error: silent },
    ...more,
  };
}

type Headers = Readonly<Record<string, string>>;

/** What an app says of a request with these headers. */
export async function explained(more: AuthOptions, headers: Headers): Promise<Explanation> {
  const authenticator = createAuthenticator(options(more));
  try {
    if (more.revocations !== undefined) await authenticator.ready().catch(() => undefined);
    return await authenticator.explain({ headers });
  } finally {
    await authenticator.close();
  }
}
