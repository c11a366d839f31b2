import type { SetTimeout } from '@hasura-auth/core';
import { withDeadline } from '@hasura-auth/core/adapter';
import type { RedisClient, RedisConnection } from './client.js';

/** The pauses before a lost connection is opened again, in milliseconds: doubled each time, up to the longest. */
const firstPauseMs = 50;
const longestPauseMs = 2000;

/** No command is sent now, since the connection was lost a moment ago or is closed. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';

  constructor() {
    super('there is no connection to Redis');
  }
}

/** Whether the server has refused a write only, for want of memory, also as part of a transaction: the connection is good. */
export const isRefusedWrite = (error: unknown): boolean =>
  error instanceof Error && /^(?:OOM|EXECABORT) /.test(error.message);

/**
 * What failed, in words that are safe to log: a network error's code, the first word of a server's error such as NOAUTH, or
 * that there was no answer in time. The rest of a message may quote a key or a value.
 */
export function failure(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection was lost';
  const { code, message, name } = error as Error & { readonly code?: unknown }; // of Node's network errors
  if (name === 'DeadlineError' || name === 'UnavailableError') return message;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,59}$/.test(code)) return code;
  return /^[A-Z]{3,30}(?= )/.exec(message)?.[0] ?? 'the connection was lost';
}

/** A connection on which nothing is sent any more after its caller has got an error: it must not take effect later. */
export function whileWanted(connection: RedisConnection, signal: AbortSignal): RedisConnection {
  return {
    ready: () => connection.ready(),
    async send(command) {
      signal.throwIfAborted();
      return connection.send(command);
    },
    async transaction(commands) {
      signal.throwIfAborted();
      return connection.transaction(commands);
    },
    close: () => connection.close(),
  };
}

/** A connection that is opened when it is first used, and opened again, after a pause, when it was lost. */
export interface Link {
  /**
   * Uses the connection, and rejects after so many milliseconds at the latest; at once during the pause after a loss. An
   * error ends the connection, since a server that was demoted or hangs is to be looked up anew.
   */
  run<T>(use: (connection: RedisConnection) => Promise<T>, ms: number): Promise<T>;
  /** Resolves when it makes sense to try again: at once, unless a connection was lost or a write refused a moment ago. */
  mayOpen(): Promise<void>;
  /** Whether the connection stays open while nothing uses it: at first it does. It is opened again when it is used. */
  keep(open: boolean): void;
  /** Ends the connection for good. */
  close(): void;
}

export function createLink(client: RedisClient, setTimeout: SetTimeout): Link {
  let current: RedisConnection | undefined;
  let pause: Promise<void> | undefined;
  let failures = 0;
  let closed = false;
  let isKept = true;
  let uses = 0;

  function end(): void {
    current?.close();
    current = undefined;
  }

  function lost(connection: RedisConnection): void {
    if (connection !== current) return; // another command has seen it before
    current = undefined;
    connection.close();
    beginPause();
  }

  function beginPause(): void {
    const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures++, 10));
    // Spread, so that many processes do not come back at one moment.
    const pausing = new Promise<void>((resolve) => {
      setTimeout(resolve, ms * (0.5 + Math.random() / 2));
    });
    pause = pausing;
    void pausing.then(() => {
      if (pause === pausing) pause = undefined;
    });
  }

  /** A new connection. A client that throws has to wait as well, or it would be asked without an end. */
  function opened(): RedisConnection {
    try {
      return client.open();
    } catch (error) {
      beginPause();
      throw error;
    }
  }

  return {
    async run(use, ms) {
      if (closed || (current === undefined && pause !== undefined)) throw new UnavailableError();
      const connection = current ?? opened();
      current = connection;
      uses += 1;
      try {
        const result = await withDeadline(ms, setTimeout, async () => {
          await connection.ready();
          if (connection !== current) throw new UnavailableError(); // given up while it was opened
          return use(connection);
        });
        failures = 0;
        return result;
      } catch (error) {
        if (!isRefusedWrite(error)) lost(connection);
        else if (pause === undefined) beginPause();
        throw error;
      } finally {
        uses -= 1;
        if (!isKept && uses === 0) end();
      }
    },
    mayOpen: () => pause ?? Promise.resolve(),
    keep(open) {
      isKept = open;
      if (!isKept && uses === 0) end();
    },
    close() {
      closed = true;
      end();
    },
  };
}
