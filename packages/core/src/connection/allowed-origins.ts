import { URL } from 'node:url';
import { kindOf } from '../option-checks.js';
import { ConfigError } from '../errors.js';
import type { Session } from '../session.js';

/** Whether an open connection may go on with another session than the one it has. */
export type SessionChange = (next: Session, current: Session) => boolean;

/** What a new token may change about an open connection: a rule by name, or a function. */
export type Reauthentication = 'same-role-and-user' | 'same-user' | SessionChange;

/**
 * Who a session is of: what vouched for it, `x-hasura-user-id`, and the token's issuer and subject (RFC 7519, sections
 * 4.1.1 and 4.1.2). Where neither names anybody, all session variables but the role.
 */
function userOf({ method, sessionVariables, claims }: Session): string {
  const id = sessionVariables['x-hasura-user-id'];
  const who =
    id === undefined && claims?.sub === undefined
      ? Object.entries(sessionVariables)
          .filter(([name]) => name !== 'x-hasura-role')
          .sort()
      : [id, claims?.sub];
  return JSON.stringify([method, claims?.iss, who]);
}

const sameUser: SessionChange = (next, current) => userOf(next) === userOf(current);
const sameRoleAndUser: SessionChange = (next, current) =>
  next.role === current.role && sameUser(next, current);

/** Reads a `reauthentication` option; the default is `same-role-and-user`. */
export function sessionChange(value: Reauthentication | undefined): SessionChange {
  if (typeof value === 'function') return value;
  switch (value) {
    case undefined:
    case 'same-role-and-user':
      return sameRoleAndUser;
    case 'same-user':
      return sameUser;
    default:
      throw new ConfigError(
        'reauthentication',
        `expected same-role-and-user, same-user or a function, got ${kindOf(value)}`,
      );
  }
}

/** Whether pages of an origin are the app's own. Told the `Origin` header as it came, `null` included. */
export type OriginCheck = (origin: string) => boolean;

/** Origins whose pages are the app's own: their exact spelling, or a function. */
export type AllowedOrigins = readonly string[] | OriginCheck;

function isOrigin(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}

/**
 * Reads an `allowedOrigins` option. A list holds origins as browsers spell them (RFC 6454, section 6.2): scheme, host,
 * and the port where it is not the scheme's own, without a slash at the end; they are compared exactly. Anything else in
 * it is a ConfigError: `*` and `null` would let every page act for its visitors. Absent, no origin is allowed.
 */
export function allowedOrigins(
  value: AllowedOrigins | undefined,
  option: string = 'allowedOrigins',
): OriginCheck {
  if (value === undefined) return () => false;
  if (typeof value === 'function') return value;
  if (!Array.isArray(value))
    throw new ConfigError(option, `expected a list of origins or a function, got ${kindOf(value)}`);
  const stranger = value.findIndex((origin) => !isOrigin(origin));
  if (stranger >= 0)
    throw new ConfigError(
      `${option}[${String(stranger)}]`,
      'expected an origin as browsers spell it, as https://app.example.com, without a path or a slash at the end',
    );
  const origins = new Set<string>(value);
  return (origin) => origins.has(origin);
}
