import type { DevelopmentToken } from '@hasura-auth/inspector';

const known = ['user', 'role', 'roles', 'expires'];
const tenYears = 10 * 365 * 24 * 60 * 60;

/** Reads `?user=1&role=user&roles=user,editor&expires=3600`; a string states the mistake. */
export function readTokenWish(query: URLSearchParams): DevelopmentToken | string {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined)
    return `Unknown parameter "${unknown}"; the parameters are ${known.join(', ')}.`;
  const user = query.get('user') ?? '1';
  const role = query.get('role') ?? 'user';
  const roles = (query.get('roles') ?? role).split(',');
  const expiresIn = Number(query.get('expires') ?? 3600);
  if ([user, role, ...roles].includes('')) return 'user, role and roles must not be empty.';
  if (!roles.includes(role)) return 'role is the default role and must be one of roles.';
  if (!Number.isInteger(expiresIn) || Math.abs(expiresIn) > tenYears)
    return 'expires must be a whole number of seconds from now; a negative number gives an expired token.';
  const others = roles.filter((one) => one !== role);
  return { role, roles: others, variables: { 'x-hasura-user-id': user }, expiresIn };
}
