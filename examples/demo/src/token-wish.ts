import type { TokenWish } from './token-signer.js';

const known = ['user', 'role', 'roles', 'expires'];
const tenYears = 10 * 365 * 24 * 60 * 60;

/** Reads `?user=1&role=user&roles=user,editor&expires=3600`; a string states the mistake. */
export function readTokenWish(query: URLSearchParams): TokenWish | string {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined)
    return `Unknown parameter "${unknown}"; the parameters are ${known.join(', ')}.`;
  const user = query.get('user') ?? '1';
  const role = query.get('role') ?? 'user';
  const roles = (query.get('roles') ?? role).split(',');
  const expires = Number(query.get('expires') ?? 3600);
  if ([user, role, ...roles].includes('')) return 'user, role and roles must not be empty.';
  if (!roles.includes(role)) return 'role is the default role and must be one of roles.';
  if (!Number.isInteger(expires) || Math.abs(expires) > tenYears)
    return 'expires must be a whole number of seconds from now; a negative number gives an expired token.';
  return { user, role, roles, expires };
}
