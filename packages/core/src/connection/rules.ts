import { URL } from 'node:url';
import { ConfigError } from '../errors.js';
import { adopted, isPromise } from '../maybe-promise.js';
import { kindOf } from '../option-checks.js';
import type { Session } from '../session.js';

/** The options of an app's connections. */
export interface ConnectionRules {
  /**
   * The origins whose pages may use the cookies of a handshake: a list of exact origins, or a function of the `Origin`
   * header. Default: none, so that the handshake's cookies are not read. An entry that is no origin is a ConfigError. Not
   * in Hasura (RFC 6455, section 10.2).
   *
   * @example
   * authenticator.connections({ allowedOrigins: ['https://app.example.com'] })
   */
  readonly allowedOrigins?: AllowedOrigins | undefined;
  /**
   * What a fresh token may change about an open connection: its own claims only (`same-role-and-user`, the default), the
   * role too (`same-user`), or what a function allows. Anything else is a ConfigError. Not in Hasura.
   */
  readonly reauthentication?: Reauthentication | undefined;
}

/** Whether an open connection may continue with another session than its current one. Only `true` allows it. */
export type SessionChange = (next: Session, current: Session) => boolean;

/** What a new token may change about an open connection: a rule by name, or a function. */
export type Reauthentication = 'same-role-and-user' | 'same-user' | SessionChange;

/**
 * The user of a session: its method, `x-hasura-user-id`, and the token's issuer and subject (RFC 7519, sections 4.1.1 and
 * 4.1.2). Without a user id and a subject: all session variables but the role.
 */
function userOf({ method, sessionVariables, claims }: Session): string {
  const id = sessionVariables['x-hasura-user-id'];
  const subject = claims?.sub ?? undefined; // null names no subject
  const user =
    id === undefined && subject === undefined
      ? Object.entries(sessionVariables)
          .filter(([name]) => name !== 'x-hasura-role')
          .sort()
      : [id, subject];
  return JSON.stringify([method, claims?.iss, user]);
}

const sameUser: SessionChange = (next, current) => userOf(next) === userOf(current);
const sameRoleAndUser: SessionChange = (next, current) =>
  next.role === current.role && sameUser(next, current);

/**
 * An app's function of which only `true` allows something. It must not be async: its promise would be no answer, and its
 * rejection would end the process.
 */
function synchronous<Args extends readonly unknown[]>(
  check: (...args: Args) => unknown,
  option: string,
): (...args: Args) => boolean {
  return (...args) => {
    const answer = check(...args);
    if (!isPromise(answer)) return answer === true;
    adopted(answer).catch(() => undefined);
    throw new Error(`${option}: the function must return true or false, and it returned a promise`);
  };
}

/** Reads a `reauthentication` option; the default is `same-role-and-user`. */
export function sessionChange(value: Reauthentication | undefined): SessionChange {
  if (typeof value === 'function') return synchronous(value, 'reauthentication');
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

/**
 * Whether pages of an origin are the app's own. It is passed the `Origin` header as the browser sent it, which may be the
 * text `null`. Only `true` allows the origin.
 */
export type OriginCheck = (origin: string) => boolean;

/** Origins whose pages are the app's own: exact texts, or a function. */
export type AllowedOrigins = readonly string[] | OriginCheck;

function isOrigin(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}

/**
 * Reads an `allowedOrigins` option. A list contains origins as browsers spell them (RFC 6454, section 6.2): the scheme, the
 * host, and the port if it is not the scheme's default, without a slash at the end; they are compared exactly. Any other
 * entry is a ConfigError: `*` and `null` would let every page act for its visitors. If the option is absent, no origin is
 * allowed.
 *
 * @example
 * const allowsOrigin = allowedOrigins(['https://app.example.com'])
 */
export function allowedOrigins(
  value: AllowedOrigins | undefined,
  option: string = 'allowedOrigins',
): OriginCheck {
  if (value === undefined) return () => false;
  if (typeof value === 'function') return synchronous(value, option);
  if (!Array.isArray(value))
    throw new ConfigError(option, `expected a list of origins or a function, got ${kindOf(value)}`);
  const wrong = value.findIndex((origin) => !isOrigin(origin));
  if (wrong >= 0)
    throw new ConfigError(
      `${option}[${String(wrong)}]`,
      'expected an origin as browsers spell it, such as https://app.example.com, without a path or a slash at the end',
    );
  const origins = new Set<string>(value);
  return (origin) => origins.has(origin);
}
