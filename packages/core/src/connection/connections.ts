import { isPromise } from '../maybe-promise.js';
import { connectionChannels } from '../observability/channels.js';
import { kindOf, recordOf } from '../option-checks.js';
import type { RevocationObserver, Revocations } from '../revocation/revocations.js';
import type { Runtime } from '../runtime.js';
import {
  LiveConnection,
  type CloseSocket,
  type Connection,
  type ConnectionParts,
} from './connection.js';
import {
  announcedEnd,
  criteriaOf,
  type AnnouncedEnd,
  type Disconnection,
  type DisconnectionEnd,
} from './disconnection.js';
import type { HandshakeRules } from './handshake.js';
import { RefusalThrottle } from './refusal-throttle.js';
import { allowedOrigins, sessionChange, type ConnectionRules } from './rules.js';

/** The open connections of an app. */
export interface Connections {
  /** Registers a connection. `close` is called when its session ends, at most once. */
  open(close: CloseSocket): Connection;
  /**
   * Ends the connections that match and closes their sockets, a few in each tick. Returns their number. A connection that
   * is being authenticated is ended, and not counted, if the session that it gets matches. With a store of `revocations`,
   * the connections of all processes are closed; the number is that of this registry. Throws a ConfigError if no criterion is
   * given.
   *
   * @example
   * connections.disconnect({ token }, { code: 4401, reason: 'Logged out' })
   */
  disconnect(which: Disconnection, end?: DisconnectionEnd): number;
  /**
   * Closes the connections that match with 4403 and the reason `Authenticate again`, as `disconnect` does, so that the
   * standard clients reconnect with fresh parameters: such as when the permissions of a user have changed. The token of a
   * connection is not kept, so the session of an open one cannot be decided again. Returns their number in this registry.
   *
   * @example
   * connections.reauthenticate({ sessionVariable: { name: 'x-hasura-user-id', value: userId } })
   */
  reauthenticate(which: Disconnection): number;
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

/** How many connections are looked at in one tick. */
const partSize = 1000;

/**
 * Makes a function that looks at every item of a set, a part of them in each tick. If it is called again before it is
 * done, it begins once more afterwards.
 */
function inParts<T>(items: ReadonlySet<T>, look: (item: T) => void): () => void {
  let isLooking = false;
  let looksAgain = false;
  const tick = (rest: Iterator<T, undefined>): void => {
    for (let count = 0; count < partSize; count++) {
      const next = rest.next();
      if (next.done === true) {
        isLooking = false;
        if (looksAgain) begin();
        return;
      }
      look(next.value);
    }
    setImmediate(tick, rest);
  };
  const begin = (): void => {
    looksAgain = isLooking;
    if (isLooking) return;
    isLooking = true;
    setImmediate(() => tick(items.values()));
  };
  return begin;
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
  Pick<ConnectionParts, 'resolve' | 'reportUnread' | 'unverifiedTokens'> & {
    readonly runtime: Runtime;
    /** Counts the connections of all registries of an authenticator. */
    readonly total: { connections: number };
    readonly revocations: Pick<Revocations, 'revokesSession' | 'announce' | 'observe'>;
  };

/** Makes the registry of an app's connections. Throws a ConfigError if the rules are wrong. */
export function createConnections(parts: RegistryParts, rules: ConnectionRules): Connections {
  recordOf(rules, ['allowedOrigins', 'reauthentication'], 'connections');
  const { runtime, revocations, total } = parts;
  const open = new Set<LiveConnection>();
  const reportFailure = (what: string, error: unknown): void => {
    runtime.logger.error(`${what} failed: ${reasonOf(error)}`);
  };
  const endMatching = (end: AnnouncedEnd): number => {
    const criteria = criteriaOf(end);
    return [...open].filter((connection) => connection.endIf(criteria, end.code, end.reason))
      .length;
  };
  const checkAll = inParts(open, (connection) => {
    try {
      connection.endIfRevoked();
    } catch (error) {
      reportFailure('checking whether a connection is revoked', error);
    }
  });
  const observer: RevocationObserver = { revoked: checkAll, ended: endMatching };
  let unobserve: (() => void) | undefined;
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
      if (open.size > 0) return;
      unobserve?.();
      unobserve = undefined;
    },
  };
  const disconnect: Connections['disconnect'] = (which, end = {}) => {
    const announced = announcedEnd(which, end);
    const ended = endMatching(announced);
    revocations.announce(announced, observer);
    return ended;
  };
  return {
    open(close) {
      const connection = new LiveConnection(shared, close);
      open.add(connection);
      total.connections += 1;
      if (connectionChannels.open.hasSubscribers)
        connectionChannels.open.publish({ open: open.size });
      unobserve ??= revocations.observe(observer);
      return connection;
    },
    disconnect,
    reauthenticate: (which) => disconnect(which, { reason: 'Authenticate again' }),
    reportFailure,
    get size() {
      return open.size;
    },
  };
}
