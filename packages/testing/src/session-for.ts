import type { Session } from '@hasura-auth/core';

/** What a session for a unit test may hold beside its role and variables. */
export interface SessionExtras {
  /** What authenticated the request. Default `jwt`. */
  readonly method?: Session['method'] | undefined;
  /** The claims of the token. Default: as few as a token has that names the role. */
  readonly claims?: Session['claims'];
  /** Every role that the token allows. Default: the role alone. */
  readonly allowedRoles?: readonly string[] | undefined;
  /** When the session ends, in milliseconds since the epoch. Default: it does not end. */
  readonly expiresAt?: number | undefined;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

/**
 * A session like those that `hasuraAuth` puts on a request, for unit tests of handlers and resolvers: deeply frozen, with
 * `x-hasura-role` among its variables. No token is signed or verified.
 *
 * @example
 * ```ts
 * const articles = await listArticles(sessionFor('user', { 'x-hasura-user-id': '7' }));
 * ```
 */
export function sessionFor(
  role: string,
  variables: Readonly<Record<`x-hasura-${string}`, string>> = {},
  { method = 'jwt', claims, allowedRoles = [role], expiresAt }: SessionExtras = {},
): Session {
  if (role === '') throw new TypeError('sessionFor: expected a role, got an empty string');
  for (const name of Object.keys(variables))
    if (!name.startsWith('x-hasura-') || name !== name.toLowerCase())
      throw new TypeError(
        `sessionFor: ${JSON.stringify(name)} is not a session variable; expected x-hasura-… in lower case`,
      );
  const namespace = {
    ...variables,
    'x-hasura-default-role': role,
    'x-hasura-allowed-roles': [...allowedRoles],
  };
  const byToken = {
    claims: structuredClone(claims) ?? { 'https://hasura.io/jwt/claims': namespace },
    allowedRoles: [...allowedRoles],
  };
  return deepFreeze({
    role,
    sessionVariables: { ...variables, 'x-hasura-role': role },
    method,
    backendOnly: false,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(method === 'jwt' && byToken),
  });
}
