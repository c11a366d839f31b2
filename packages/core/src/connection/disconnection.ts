import { ConfigError } from '../errors.js';
import { tokenIdentity } from '../jwt/verify.js';
import { kindOf, nonEmptyString, recordOf } from '../option-checks.js';
import { isCloseCode, type ConnectionsEnd } from '../revocation/store.js';
import { isSessionVariable, type Session } from '../session.js';
import type { Criteria } from './connection.js';
import { closeReason, endedReason, forbiddenCloseCode } from './ends.js';

/** Which connections to close: those that match every member; at least one is required. */
export interface Disconnection {
  /** The role of the session. Absent: any. */
  readonly role?: string | undefined;
  /** A session variable by its name, in any case, and its exact value. */
  readonly sessionVariable?: { readonly name: string; readonly value: string } | undefined;
  /**
   * A token, as the client sent it, without `Bearer`. Connections are known by its identity, the digest of its header and
   * payload (of the whole text if it is no JWS); the token itself is never kept.
   */
  readonly token?: string | undefined;
}

/** How the sockets are closed. */
export interface DisconnectionEnd {
  /**
   * The close code: 1000, or 3000 to 4999. Default 4403, after which the standard clients reconnect; 4401 makes that of
   * graphql-ws stop. Anything else is a ConfigError.
   */
  readonly code?: number | undefined;
  /** The reason that the client receives, cut at 123 bytes. Default: `The session has ended`. */
  readonly reason?: string | undefined;
}

/** A disconnection as it is announced to other processes. */
export type AnnouncedEnd = Pick<ConnectionsEnd, 'role' | 'variable' | 'token' | 'code' | 'reason'>;

function closeCode(code: unknown = forbiddenCloseCode): number {
  if (isCloseCode(code)) return code;
  throw new ConfigError(
    'disconnect.code',
    `expected 1000 or a whole number from 3000 to 4999, got ${kindOf(code)}`,
  );
}

/** Reads which connections to close and how. Throws a ConfigError. */
export function announcedEnd(which: Disconnection, end: DisconnectionEnd): AnnouncedEnd {
  recordOf(end, ['code', 'reason'], 'disconnect');
  recordOf(which, ['role', 'sessionVariable', 'token'], 'disconnect');
  const { role, sessionVariable, token } = which;
  if (role !== undefined) nonEmptyString(role, 'disconnect.role');
  let variable;
  if (sessionVariable !== undefined) {
    recordOf(sessionVariable, ['name', 'value'], 'disconnect.sessionVariable');
    const name = nonEmptyString(sessionVariable.name, 'disconnect.sessionVariable.name');
    const value = nonEmptyString(sessionVariable.value, 'disconnect.sessionVariable.value');
    if (!isSessionVariable(name.toLowerCase()))
      throw new ConfigError(
        'disconnect.sessionVariable.name',
        'expected a name that begins with x-hasura-, since no other is a session variable',
      );
    variable = { name: name.toLowerCase(), value };
  }
  const identity =
    token === undefined ? undefined : tokenIdentity(nonEmptyString(token, 'disconnect.token'));
  // No criterion is more likely a mistake than a wish: an undefined token must not close every connection.
  if (role === undefined && variable === undefined && identity === undefined)
    throw new ConfigError('disconnect', 'expected a role, a sessionVariable or a token');
  const code = closeCode(end.code);
  const { reason = endedReason } = end;
  if (typeof reason !== 'string')
    throw new ConfigError('disconnect.reason', `expected a string, got ${kindOf(reason)}`);
  return { role, variable, token: identity, code, reason: closeReason(reason) };
}

/** Which connections an announced end is for. */
export function criteriaOf({ role, variable, token }: AnnouncedEnd): Criteria {
  const checks: ((session: Session) => boolean)[] = [];
  if (role !== undefined) checks.push((session) => session.role === role);
  if (variable !== undefined) {
    const { name, value } = variable;
    checks.push(
      ({ sessionVariables }) => isSessionVariable(name) && sessionVariables[name] === value,
    );
  }
  return {
    identity: token,
    fits: checks.length === 0 ? undefined : (session) => checks.every((check) => check(session)),
  };
}
