import { randomUUID } from 'node:crypto';
import type {
  Logger,
  RevocationEntry,
  RevocationListener,
  RevocationStore,
  RuntimeOptions,
  TokensRevocation,
} from '@hasura-auth/core';
import { count, parseRuntime, recordOf, withDeadline } from '@hasura-auth/core/adapter';
import type { RedisClient, RedisConnection } from './client.js';
import { parseClient, parseNamespace } from './common-options.js';
import { evictionPolicy } from './eviction.js';
import { follow, type Follower } from './follower.js';
import { revocationKeys } from './keys.js';
import { createLink, failure, isRefusedWrite, whileWanted } from './link.js';
import { restoration } from './restoration.js';
import {
  announcedAs,
  announcement,
  entryField,
  firstAnnouncements,
  FullError,
  loadParts,
  parseEntry,
  reloadField,
  restoreEntries,
  storeEntry,
  type EntryRules,
} from './stored-entries.js';

/** Where and how revocations are kept in Redis or Valkey. An unknown member is a ConfigError. */
export interface RedisRevocationsOptions {
  /** The client, from `fromNodeRedis` or `fromIORedis`. It is duplicated: two connections are opened. */
  readonly client: RedisClient;
  /**
   * Separates the apps that share a database: letters, digits, `_`, `.` and `-`, at most 64. Processes of one app have the
   * same. Default `default`.
   */
  readonly namespace?: string | undefined;
  /** How many entries are kept at once, at least 1. Further ones are rejected with an error. Default 100 000. */
  readonly maxEntries?: number | undefined;
  /**
   * About how many entries the stream keeps for processes that have lost contact, at least 100; one that has missed more
   * loads all entries again. Default 10 000.
   */
  readonly maxLogLength?: number | undefined;
  /** How long Redis may take for an answer, in milliseconds, at least 1. No request waits for it. Default 5000. */
  readonly timeoutMs?: number | undefined;
  /** Where losses and failures are logged. Default: `process.emitWarning`. */
  readonly logger?: Logger | undefined;
  /** The clock and the timers, for tests. Default: those of the process. */
  readonly runtime?: RuntimeOptions | undefined;
}

/** A revocation store on Redis or Valkey, for the option `revocations`. */
export interface RedisRevocations extends RevocationStore {
  /** How often a process hears from the store at least while it is in contact, in milliseconds. */
  readonly currentEveryMs: number;
  /** Stores entries that this process knows and that Redis has lost, such as by a restart without its data. */
  restore(entries: readonly TokensRevocation[]): Promise<void>;
  /** Ends its connections. What is under way rejects. The client that was passed stays as it is. */
  close(): void;
}

/** How long a read of the stream waits, in milliseconds: an idle process asks so often. */
const blockMs = 2000;
/** From this part of `maxEntries` on, each entry is logged as a warning. */
const nearlyFull = 0.8;

const members = [
  'client',
  'namespace',
  'maxEntries',
  'maxLogLength',
  'timeoutMs',
  'logger',
  'runtime',
];

/**
 * An error without a cause: the errors of clients contain the command, and with it the ids of users. Its code is that of the
 * failure, such as ECONNREFUSED, NOAUTH or TIMEOUT, which the log of the app then has.
 */
function withoutDetails(problem: string, error: unknown): Error {
  const reason = failure(error);
  const made = new Error(`${problem}: ${reason}`);
  const isLate = error instanceof Error && error.name === 'DeadlineError';
  const code = /^\w+$/.test(reason) ? reason : isLate ? 'TIMEOUT' : 'NO_CONNECTION';
  return Object.assign(made, { code });
}

/** Calls what a listener has; what it throws must not end the reading of the stream. */
function toAll(
  listeners: ReadonlySet<RevocationListener>,
  logger: Logger,
  call: (listener: RevocationListener) => void,
): void {
  for (const listener of listeners)
    try {
      call(listener);
    } catch {
      logger.error('a listener of the revocation store failed');
    }
}

/**
 * A revocation store on Redis 6.2 or later, or Valkey 7.2 or later. Each entry is a key with its end; each process loads all
 * of them at its start, follows a stream from then on, and decides every request by what it holds itself.
 *
 * @throws ConfigError that names the option and what was expected.
 * @example
 * const revocations = redisRevocations({ client: fromNodeRedis(createClient()) });
 * app.use(hasuraAuth({ adminSecret: false, jwtSecret, revocations }));
 */
export function redisRevocations(options: RedisRevocationsOptions): RedisRevocations {
  const given = recordOf(options, members, 'options');
  const client = parseClient(given['client']);
  const keys = revocationKeys(parseNamespace(given['namespace']));
  const maxEntries = count(given['maxEntries'], 'maxEntries', 100_000, { least: 1 });
  const maxLogLength = count(given['maxLogLength'], 'maxLogLength', 10_000, { least: 100 });
  const timeoutMs = count(given['timeoutMs'], 'timeoutMs', 5000, { least: 1 });
  const { logger, now, setTimeout } = parseRuntime(options);
  const rules: EntryRules = { keys, maxEntries, maxLogLength, now };

  const own = randomUUID();
  const link = createLink(client, setTimeout);
  const listeners = new Set<RevocationListener>();
  let follower: Follower | undefined;
  let closed = false;
  let mustReload = false;
  let loads = 0;
  const isFirst = firstAnnouncements();

  /** An idle connection would keep the process alive. */
  const keepLink = (): void => link.keep(listeners.size > 0 || loads > 0);
  keepLink();

  const gap = (): void => toAll(listeners, logger, (listener) => listener.onGap());

  const onLogEntry = (fields: ReadonlyMap<string, string>, addedAt: number): void => {
    const text = fields.get(entryField);
    const reloadBy = fields.get(reloadField);
    if (reloadBy !== undefined && reloadBy !== own) gap();
    if (text === undefined) return;
    const entry = parseEntry(text);
    if (entry === undefined) logger.error('an entry of the stream of revocations is not JSON');
    else if (entry.by !== 'connections' || isFirst(text))
      toAll(listeners, logger, (listener) => listener.onEntry(entry, addedAt));
  };

  function onCurrent(): void {
    if (mustReload) {
      mustReload = false;
      gap();
    }
    toAll(listeners, logger, (listener) => listener.onCurrent());
  }

  function begin(): Follower {
    const followed = follow({
      key: keys.log,
      link: createLink(client, setTimeout),
      logger,
      blockMs,
      timeoutMs,
      listener: { onEntry: onLogEntry, onGap: gap, onCurrent },
    });
    link
      .run(evictionPolicy, timeoutMs)
      .then((policy) => {
        if (policy !== undefined)
          logger.warn(
            `Redis evicts keys when its memory is full (maxmemory-policy ${policy}), revocations included; set it to noeviction`,
          );
      })
      .catch(() => undefined); // the account may not be allowed to ask
    return followed;
  }

  /** Tries until it succeeds or the time is over, unless Redis is full: to do it twice does no harm. */
  const persistently = <T>(
    use: (connection: RedisConnection, opened: RedisConnection) => Promise<T>,
  ): Promise<T> =>
    withDeadline(timeoutMs, setTimeout, async (signal) => {
      for (;;) {
        try {
          return await link.run((opened) => use(whileWanted(opened, signal), opened), timeoutMs);
        } catch (error) {
          if (error instanceof FullError || isRefusedWrite(error)) throw error;
          if (closed || signal.aborted) throw error;
          await link.mayOpen();
          signal.throwIfAborted();
        }
      }
    });

  async function stored(use: (connection: RedisConnection) => Promise<unknown>): Promise<void> {
    try {
      await persistently(use);
    } catch (error) {
      if (error instanceof FullError) throw error;
      throw withoutDetails('the revocation could not be stored in Redis', error);
    }
  }

  async function keep(entry: TokensRevocation, connection: RedisConnection): Promise<void> {
    const { entries, announced } = await storeEntry(connection, entry, rules);
    follower?.awaits(announced);
    if (entries >= maxEntries * nearlyFull)
      logger.warn(
        `${String(entries)} of ${String(maxEntries)} revocations (maxEntries) are stored in Redis; further ones will be rejected`,
      );
  }

  const restore = restoration({
    logger,
    setTimeout,
    reload: gap,
    write: (entries) =>
      stored(async (connection) => {
        await restoreEntries(connection, entries, rules);
        const id = await connection.send(announcement(rules, reloadField, own));
        follower?.awaits(announcedAs(id, reloadField, own));
      }),
  });

  return {
    currentEveryMs: blockMs + timeoutMs,
    async *load() {
      let missing = 0;
      loads += 1;
      keepLink(); // its parts are read on one connection
      try {
        if (follower !== undefined) {
          const { positioned } = follower;
          await withDeadline(timeoutMs, setTimeout, () => positioned);
        }
        for await (const part of loadParts(persistently, rules)) {
          for (const text of part.texts) {
            const entry = parseEntry(text);
            if (entry === undefined) logger.error('a stored revocation is not JSON');
            else yield entry;
          }
          missing += part.missing;
        }
      } catch (error) {
        mustReload = true; // as soon as there is contact
        throw withoutDetails('the revocations could not be loaded from Redis', error);
      } finally {
        loads -= 1;
        keepLink();
      }
      if (missing > 0)
        logger.error(
          `Redis has evicted ${String(missing)} revocations before their end; set maxmemory-policy to noeviction`,
        );
    },
    subscribe(listener) {
      if (closed) throw new Error('the revocation store is closed');
      listeners.add(listener);
      keepLink();
      follower ??= begin();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        follower?.close();
        follower = undefined;
        keepLink();
      };
    },
    add: (entry: RevocationEntry) =>
      stored((connection) =>
        entry.by === 'connections'
          ? connection.send(announcement(rules, entryField, JSON.stringify(entry)))
          : keep(entry, connection),
      ),
    restore,
    close() {
      closed = true;
      follower?.close();
      link.close();
      listeners.clear();
    },
  };
}
