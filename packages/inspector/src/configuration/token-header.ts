import type { AuthOptions, JwtSecret, TokenHeader } from '@hasura-auth/core';

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined; // createAuthenticator says what is wrong with it
  }
}

/**
 * Where the first JWT configuration of options reads the token. `Authorization` if they have none, or if its `header` is
 * wrong, which `createAuthenticator` reports.
 *
 * @example
 * const request = readRequest(token, tokenHeaderOf(options));
 */
export function tokenHeaderOf({ jwtSecret, jwtSecrets }: AuthOptions): TokenHeader {
  const list: unknown = jwtSecrets;
  const first: unknown = Array.isArray(list) ? list[0] : jwtSecret;
  const secret = parsed(first) as Partial<JwtSecret> | null | undefined; // its members are checked below
  const header = parsed(secret?.header) as
    Partial<Record<'type' | 'name', unknown>> | null | undefined;
  const { type, name } = header ?? {};
  return (type === 'Cookie' || type === 'CustomHeader') && typeof name === 'string'
    ? { type, name }
    : { type: 'Authorization' };
}
