import { createHash } from 'node:crypto';
import {
  ConfigError,
  type HookAnswerStore,
  type Logger,
  type RuntimeOptions,
} from '@hasura-auth/core';
import { count, parseRuntime, recordOf } from '@hasura-auth/core/adapter';
import type { RedisClient, RedisCommand, RedisConnection } from './client.js';
import { parseClient, parseNamespace } from './common-options.js';
import { createLink, failure } from './link.js';
import { numberOf, textOrNull } from './replies.js';
import { keyFrom, sealing } from './sealing.js';

/** Where and how responses of an auth webhook are shared. An unknown member is a ConfigError. */
export interface RedisHookAnswersOptions {
  /** The client, from `fromNodeRedis` or `fromIORedis`. It is duplicated: one connection is opened. */
  readonly client: RedisClient;
  /**
   * The keys that encrypt the values, each 32 random bytes in base64: the first encrypts, all of them decrypt. To rotate,
   * add a new one behind the first in every process, then make it the first, then remove the old one.
   *
   * @example
   * // openssl rand -base64 32
   * const keys = [process.env.HOOK_ANSWER_KEY];
   */
  readonly keys: readonly string[];
  /** Separates the apps that share a database. Default `default`. */
  readonly namespace?: string | undefined;
  /**
   * How many responses of the namespace are shared at once, at least 1. Further ones are not shared, and a warning is logged.
   * Default 10 000, which take about 20 MB if each is 1 kB long.
   */
  readonly maxEntries?: number | undefined;
  /** How long a request may wait for an answer of Redis before it calls the webhook itself, in milliseconds. Default 100. */
  readonly timeoutMs?: number | undefined;
  /** Where failures are logged. Default: `process.emitWarning`. */
  readonly logger?: Logger | undefined;
  /** The clock and the timers, for tests. Default: those of the process. */
  readonly runtime?: RuntimeOptions | undefined;
}

/** Shared responses of an auth webhook on Redis or Valkey, for the option `authHook.cache.shared`. */
export interface RedisHookAnswers extends HookAnswerStore {
  /** Ends its connection. What is under way rejects. The client that was passed stays as it is. */
  close(): void;
}

const members = ['client', 'keys', 'namespace', 'maxEntries', 'timeoutMs', 'logger', 'runtime'];
/** How long a failure, and that there is no room, is not logged again, in milliseconds. */
const failureQuietMs = 10_000;
const fullQuietMs = 600_000;
/** How long a response is shared at most, in milliseconds. */
const longestMs = 86_400_000;
/** What ends within this time is not counted, in milliseconds: there is only what the webhook can answer in it. */
const uncountedMs = 2000;

function parseKeys(value: unknown): readonly [Buffer, ...Buffer[]] {
  if (!Array.isArray(value))
    throw new ConfigError('keys', 'expected a list with at least one key of 32 bytes in base64');
  const [first, ...others] = Array.from(value as unknown[], (text, index) => {
    const key = typeof text === 'string' ? keyFrom(text) : undefined;
    if (key === undefined)
      throw new ConfigError(
        `keys[${String(index)}]`,
        'expected 32 bytes in base64, such as of: openssl rand -base64 32',
      );
    return key;
  });
  if (first === undefined)
    throw new ConfigError('keys', 'expected a list with at least one key of 32 bytes in base64');
  return [first, ...others];
}

/**
 * Shares the responses of an auth webhook between processes, on Redis 6.2 or later, or Valkey 7.2 or later. Values are
 * encrypted with AES-256-GCM, and keys are digests, so that the database alone is of no use.
 *
 * @throws ConfigError that names the option and what was expected.
 * @example
 * const shared = redisHookAnswers({ client: fromNodeRedis(createClient()), keys: [process.env.HOOK_ANSWER_KEY] });
 * app.use(hasuraAuth({ authHook: { url, cache: { headers: ['Authorization'], shared } } }));
 */
export function redisHookAnswers(options: RedisHookAnswersOptions): RedisHookAnswers {
  const given = recordOf(options, members, 'options');
  const namespace = parseNamespace(given['namespace']);
  const maxEntries = count(given['maxEntries'], 'maxEntries', 10_000, { least: 1 });
  const timeoutMs = count(given['timeoutMs'], 'timeoutMs', 100, { least: 1 });
  const [currentKey, ...olderKeys] = parseKeys(given['keys']);
  const { seal, open } = sealing(currentKey, olderKeys);
  const { logger, now, setTimeout } = parseRuntime(options);
  const link = createLink(parseClient(given['client']), setTimeout);

  const nameOf = (key: string): string =>
    `ha:{${namespace}}:hook:${createHash('sha256').update(key).digest('base64url')}`;
  const lockOf = (name: string): string => `${name}:lock`;
  /** A sorted set of the names of all responses by their ends. */
  const index = `ha:{${namespace}}:hooks`;

  /** Logs a problem of one kind, and then none for so many milliseconds. */
  function reporter(log: (message: string) => unknown, quietMs: number): (text: string) => void {
    let isQuiet = false;
    return (text) => {
      if (isQuiet) return;
      isQuiet = true;
      setTimeout(() => {
        isQuiet = false;
      }, quietMs);
      log(`shared webhook responses: ${text}`);
    };
  }
  const reportFailure = reporter((message) => logger.error(message), failureQuietMs);
  const reportFull = reporter((message) => logger.warn(message), fullQuietMs);
  const report = (problem: string): void =>
    reportFailure(`${problem}; the webhook is called instead`);

  async function run<T>(use: (connection: RedisConnection) => Promise<T>): Promise<T> {
    try {
      return await link.run(use, timeoutMs);
    } catch (error) {
      report(failure(error));
      throw error;
    }
  }

  /** Whether a response may be saved: the bound is not reached, or one of the same name is there. */
  async function hasRoom(name: string): Promise<boolean> {
    const [, entries, end] = await run((connection) =>
      connection.transaction([
        ['ZREMRANGEBYSCORE', index, '-inf', String(now())],
        ['ZCARD', index],
        ['ZSCORE', index, name],
      ]),
    );
    return numberOf(entries) < maxEntries || end !== null;
  }

  /** Saves a value, and rejects if there is no room for it. */
  async function save(name: string, value: string, ms: number): Promise<void> {
    const isCounted = ms > uncountedMs;
    if (isCounted && !(await hasRoom(name))) {
      reportFull(
        `${String(maxEntries)} are in Redis, as many as maxEntries allows; further ones are not shared`,
      );
      throw new Error('there is no room for a shared webhook response');
    }
    const end = String(now() + ms);
    const counting: RedisCommand = isCounted
      ? ['ZADD', index, end, name]
      : ['ZADD', index, 'XX', end, name]; // what it replaces may have been counted
    await run((connection) =>
      connection.transaction([
        ['SET', name, seal(value, name), 'PX', String(ms)],
        counting,
        ['DEL', lockOf(name)],
      ]),
    );
  }

  return {
    async get(key) {
      const name = nameOf(key);
      const sealed = await run(async (connection) =>
        textOrNull(await connection.send(['GET', name])),
      );
      if (sealed === undefined) return undefined;
      const value = open(sealed, name);
      if (value === undefined) report('a value was changed, or encrypted with another key');
      return value;
    },
    async set(key, value, ms) {
      const name = nameOf(key);
      try {
        await save(name, value, Math.min(longestMs, Math.max(1, Math.floor(ms))));
      } catch (error) {
        // No process is to wait for a response that is not there.
        await run((connection) => connection.send(['DEL', lockOf(name)])).catch(() => undefined);
        throw error;
      }
    },
    async lock(key, ms) {
      const px = String(Math.max(1, Math.ceil(ms)));
      const reply = await run((connection) =>
        connection.send(['SET', lockOf(nameOf(key)), '1', 'NX', 'PX', px]),
      );
      return reply === 'OK';
    },
    close: () => link.close(),
  };
}
