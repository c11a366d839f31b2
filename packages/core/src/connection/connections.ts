import { kindOf, nonEmptyString, recordOf } from '../option-checks.js';
import type { Runtime } from '../runtime.js';
import { ConfigError } from '../errors.js';
import type { Session } from '../session.js';
import {
  allowedOrigins,
  type AllowedOrigins,
  sessionChange,
  type Reauthentication,
} from './allowed-origins.js';
import { LiveConnection, type ConnectionParts, tokenDigest } from './connection.js';
import { forbiddenCloseCode, type CloseSocket, type Connection } from './open-connection.js';
import { RefusalPace } from './refusal-throttle.js';

/** How many are run in one turn of the event loop. */
const batchSize = 50;

/**
 * Runs what it is given soon, in order, a few in each turn of the event loop: when ten thousand connections end at one
 * moment, requests are still answered in between. What throws is told to `failed`, and the rest runs.
 */
export function inBatches(failed: (error: unknown) => void): (run: () => void) => void {
  const waiting: (() => void)[] = [];
  const turn = (): void => {
    const now = waiting.splice(0, batchSize);
    if (waiting.length > 0) setImmediate(turn);
    for (const run of now)
      try {
        run();
      } catch (error) {
        failed(error);
      }
  };
  return (run) => {
    if (waiting.push(run) === 1) setImmediate(turn);
  };
}

/** What connections may do; decided where they are set up. */
export interface ConnectionRules {
  /**
   * The origins whose pages may use the cookies of a handshake: a list of exact origins, or a function that is told the
   * `Origin` header. Default: none, so that the handshake's cookies are not read. An entry that is no origin is a
   * ConfigError. Ours (RFC 6455, section 10.2).
   */
  readonly allowedOrigins?: AllowedOrigins;
  /**
   * What a fresh token may change about an open connection: nothing but its own claims (`same-role-and-user`, the
   * default), the role too (`same-user`), or what a function of the app's own says. Anything else is a ConfigError. Ours.
   */
  readonly reauthentication?: Reauthentication;
}

/** Which connections to close: those that fit every member that is given, and there must be one. */
export interface Disconnection {
  readonly role?: string;
  /** A session variable by its name, in any case, and its exact value. */
  readonly sessionVariable?: { readonly name: string; readonly value: string };
  /** The text of a token. Connections are known by its digest; the token itself is never kept. */
  readonly token?: string;
}

/** How the sockets are closed. */
export interface DisconnectionEnd {
  /**
   * The close code: 1000, or 3000 to 4999. Default 4403, upon which the stock clients come back; 4401 makes that of
   * graphql-ws give up. Anything else is a ConfigError.
   */
  readonly code?: number;
  /** What the client is told; cut where it is over 123 bytes. Default: that the session has ended, in our words. */
  readonly reason?: string;
}

/** The open connections of an app. */
export interface Connections {
  /** Takes in a connection. `close` is called when its session ends, at most once. */
  open(close: CloseSocket): Connection;
  /** Ends the connections that fit, and closes their sockets a few at a time. Gives their number. */
  disconnect(which: Disconnection, end?: DisconnectionEnd): number;
  /** How many connections are open, those that are being authenticated included. */
  readonly size: number;
}

type Parts = Pick<ConnectionParts, 'resolve' | 'unverifiedTokens'> & { readonly runtime: Runtime };
type Fits = (connection: LiveConnection) => boolean;

function fits(which: Disconnection): Fits {
  recordOf(which, ['role', 'sessionVariable', 'token'], 'disconnect');
  const { role, sessionVariable, token } = which;
  const checks: Fits[] = [];
  if (role !== undefined) checks.push((one) => one.is((session) => session.role === role));
  if (sessionVariable !== undefined) {
    const name = nonEmptyString(sessionVariable.name, 'disconnect.sessionVariable.name');
    const variable = name.toLowerCase();
    const has = ({ sessionVariables }: Session): boolean =>
      sessionVariables[variable] === sessionVariable.value;
    nonEmptyString(sessionVariable.value, 'disconnect.sessionVariable.value');
    checks.push((one) => one.is(has));
  }
  if (token !== undefined) {
    const digest = tokenDigest(nonEmptyString(token, 'disconnect.token'));
    checks.push((one) => one.holds(digest));
  }
  // Nothing given is a mistake more often than a wish: an absent token must not throw everybody out.
  if (checks.length === 0)
    throw new ConfigError('disconnect', 'expected a role, a sessionVariable or a token');
  return (one) => checks.every((check) => check(one));
}

function closeCode(code: number = forbiddenCloseCode): number {
  if (code === 1000 || (Number.isInteger(code) && code >= 3000 && code <= 4999)) return code;
  throw new ConfigError(
    'disconnect.code',
    `expected 1000 or a whole number from 3000 to 4999, got ${kindOf(code)}`,
  );
}

/** Makes the registry of an app's connections. Throws a ConfigError where the rules are wrong. */
export function createConnections(parts: Parts, rules: ConnectionRules): Connections {
  const { runtime } = parts;
  const open = new Set<LiveConnection>();
  const shared: ConnectionParts = {
    ...parts,
    allowsOrigin: allowedOrigins(rules.allowedOrigins),
    mayBecome: sessionChange(rules.reauthentication),
    pace: new RefusalPace(runtime.now),
    soon: inBatches((error) => {
      runtime.logger.error(`closing a connection failed: ${String(error)}`);
    }),
    forget: (connection) => {
      open.delete(connection);
    },
  };
  return {
    open(close) {
      const connection = new LiveConnection(shared, close);
      open.add(connection);
      return connection;
    },
    disconnect(which, end = {}) {
      const doFit = fits(which);
      const code = closeCode(end.code);
      const found = [...open].filter(doFit);
      for (const connection of found) connection.end(code, end.reason);
      return found.length;
    },
    get size() {
      return open.size;
    },
  };
}
