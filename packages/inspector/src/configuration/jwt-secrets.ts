import type { AuthOptions, JwtSecret, TokenHeader } from '@hasura-auth/core';

/** A JWT configuration of options, read without checks: its members may be of any type. */
export interface ReadJwtSecret {
  /** The path of the option, such as `jwtSecrets[1]`. */
  readonly option: string;
  /** The members by name. Empty if the configuration is no object, nor the JSON text of one. */
  readonly members: Readonly<Partial<Record<keyof JwtSecret, unknown>>>;
}

function parsed(value: unknown): Readonly<Record<string, unknown>> {
  let object = value;
  try {
    if (typeof value === 'string') object = JSON.parse(value.replace(/^\uFEFF/, ''));
  } catch {
    return {}; // createAuthenticator says what is wrong with it
  }
  return typeof object === 'object' && object !== null ? { ...object } : {};
}

/**
 * The JWT configurations of options that are in use, in their order. Nothing is checked; `createAuthenticator` does that.
 *
 * @example
 * const usesKeySet = jwtSecretsOf(options).some(({ members }) => members.jwk_url !== undefined);
 */
export function jwtSecretsOf({ jwtSecret, jwtSecrets }: AuthOptions): readonly ReadJwtSecret[] {
  const list: unknown = jwtSecrets;
  if (Array.isArray(list))
    return list.map((secret: unknown, index) => ({
      option: `jwtSecrets[${String(index)}]`,
      members: parsed(secret),
    }));
  return jwtSecret === undefined ? [] : [{ option: 'jwtSecret', members: parsed(jwtSecret) }];
}

/**
 * Where the first JWT configuration of options reads the token. `Authorization` if they have none, or if its `header` is
 * wrong, which `createAuthenticator` reports.
 *
 * @example
 * const request = readRequest(token, tokenHeaderOf(options));
 */
export function tokenHeaderOf(options: AuthOptions): TokenHeader {
  const { type, name } = parsed(jwtSecretsOf(options)[0]?.members.header);
  return (type === 'Cookie' || type === 'CustomHeader') && typeof name === 'string'
    ? { type, name }
    : { type: 'Authorization' };
}
