import { ConfigError } from '../errors.js';
import { tokenIdentity } from '../jwt/verify.js';
import { isPromise } from '../maybe-promise.js';
import { connectionChannels } from '../observability/channels.js';
import { kindOf, nonEmptyString, recordOf } from '../option-checks.js';
import type { Runtime } from '../runtime.js';
import { isSessionVariable, type Session } from '../session.js';
import {
  forbiddenCloseCode,
  LiveConnection,
  type CloseSocket,
  type Connection,
  type ConnectionParts,
  type Criteria,
} from './connection.js';
import type { HandshakeRules } from './handshake.js';
import { RefusalThrottle } from './refusal-throttle.js';
import { allowedOrigins, sessionChange, type ConnectionRules } from './rules.js';

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

/** The open connections of an app. */
export interface Connections {
  /** Registers a connection. `close` is called when its session ends, at most once. */
  open(close: CloseSocket): Connection;
  /**
   * Ends the connections that match and closes their sockets, a few in each tick. Returns their number. A connection that
   * is being authenticated is ended, and not counted, if the session that it gets matches. Throws a ConfigError if no
   * criterion is given.
   *
   * @example
   * connections.disconnect({ token }, { code: 4401, reason: 'Logged out' })
   */
  disconnect(which: Disconnection, end?: DisconnectionEnd): number;
  /**
   * For adapters: logs that a function of the app failed where no caller could handle it, such as one that runs when the
   * socket has closed. Never throws.
   */
  reportFailure(what: string, error: unknown): void;
  /** The number of open connections, with those that are being authenticated. */
  readonly size: number;
}

/** How many deferred functions run in one tick. */
const batchSize = 50;

/**
 * Defers functions to later ticks, in order, a few in each: when 10,000 connections end at the same time, requests are
 * answered in between. What one throws, or what its promise rejects with, is passed to `failed`, and the others run.
 */
export function inBatches(failed: (error: unknown) => void): (run: () => unknown) => void {
  const waiting: (() => unknown)[] = [];
  const tick = (): void => {
    const now = waiting.splice(0, batchSize);
    if (waiting.length > 0) setImmediate(tick);
    for (const run of now)
      try {
        const result = run();
        if (isPromise(result)) result.then(undefined, failed);
      } catch (error) {
        failed(error);
      }
  };
  return (run) => {
    if (waiting.push(run) === 1) setImmediate(tick);
  };
}

/** Reads the criteria. Throws a ConfigError. */
function criteriaOf(which: Disconnection): Criteria {
  recordOf(which, ['role', 'sessionVariable', 'token'], 'disconnect');
  const { role, sessionVariable, token } = which;
  const checks: ((session: Session) => boolean)[] = [];
  if (role !== undefined) {
    nonEmptyString(role, 'disconnect.role');
    checks.push((session) => session.role === role);
  }
  if (sessionVariable !== undefined) {
    recordOf(sessionVariable, ['name', 'value'], 'disconnect.sessionVariable');
    const name = nonEmptyString(sessionVariable.name, 'disconnect.sessionVariable.name');
    const variable = name.toLowerCase();
    const value = nonEmptyString(sessionVariable.value, 'disconnect.sessionVariable.value');
    checks.push(
      ({ sessionVariables }) => isSessionVariable(variable) && sessionVariables[variable] === value,
    );
  }
  const identity =
    token === undefined ? undefined : tokenIdentity(nonEmptyString(token, 'disconnect.token'));
  // No criterion is more likely a mistake than a wish: an undefined token must not close every connection.
  if (checks.length === 0 && identity === undefined)
    throw new ConfigError('disconnect', 'expected a role, a sessionVariable or a token');
  return {
    identity,
    fits: checks.length === 0 ? undefined : (session) => checks.every((check) => check(session)),
  };
}

function closeCode(code: unknown = forbiddenCloseCode): number {
  if (typeof code === 'number')
    if (code === 1000 || (Number.isInteger(code) && code >= 3000 && code <= 4999)) return code;
  throw new ConfigError(
    'disconnect.code',
    `expected 1000 or a whole number from 3000 to 4999, got ${kindOf(code)}`,
  );
}

/** What failed, for the log: the text of an error, the kind of anything else. */
function reasonOf(error: unknown): string {
  try {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  } catch {
    // an error whose members cannot be read
  }
  return `threw ${kindOf(error)}`;
}

type RegistryParts = Omit<HandshakeRules, 'allowsOrigin'> &
  Pick<ConnectionParts, 'resolve' | 'unverifiedTokens'> & {
    readonly runtime: Runtime;
    /** Counts the connections of all registries of an authenticator. */
    readonly total: { connections: number };
  };

/** Makes the registry of an app's connections. Throws a ConfigError if the rules are wrong. */
export function createConnections(parts: RegistryParts, rules: ConnectionRules): Connections {
  recordOf(rules, ['allowedOrigins', 'reauthentication'], 'connections');
  const { runtime, total } = parts;
  const open = new Set<LiveConnection>();
  const reportFailure = (what: string, error: unknown): void => {
    runtime.logger.error(`${what} failed: ${reasonOf(error)}`);
  };
  const shared: ConnectionParts = {
    ...parts,
    allowsOrigin: allowedOrigins(rules.allowedOrigins),
    allowsChange: sessionChange(rules.reauthentication),
    throttle: new RefusalThrottle(runtime),
    soon: inBatches((error) => {
      reportFailure('closing a connection', error);
    }),
    forget: (connection, { code, cause }) => {
      open.delete(connection);
      total.connections -= 1;
      if (connectionChannels.close.hasSubscribers)
        connectionChannels.close.publish({ code, cause, open: open.size });
    },
  };
  return {
    open(close) {
      const connection = new LiveConnection(shared, close);
      open.add(connection);
      total.connections += 1;
      if (connectionChannels.open.hasSubscribers)
        connectionChannels.open.publish({ open: open.size });
      return connection;
    },
    disconnect(which, end = {}) {
      recordOf(end, ['code', 'reason'], 'disconnect');
      const criteria = criteriaOf(which);
      const code = closeCode(end.code);
      const { reason } = end;
      if (reason !== undefined && typeof reason !== 'string')
        throw new ConfigError('disconnect.reason', `expected a string, got ${kindOf(reason)}`);
      return [...open].filter((connection) => connection.endIf(criteria, code, reason)).length;
    },
    reportFailure,
    get size() {
      return open.size;
    },
  };
}
