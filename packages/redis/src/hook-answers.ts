import { createHash } from 'node:crypto';
import {
  ConfigError,
  type HookAnswerStore,
  type Logger,
  type RuntimeOptions,
} from '@hasura-auth/core';
import { count, parseRuntime, recordOf } from '@hasura-auth/core/adapter';
import type { RedisClient, RedisConnection } from './client.js';
import { parseClient, parseNamespace } from './common-options.js';
import { createLink, failure } from './link.js';
import { textOrNull } from './replies.js';
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

const members = ['client', 'keys', 'namespace', 'timeoutMs', 'logger', 'runtime'];
/** How long a kind of failure is not logged again, in milliseconds. */
const quietMs = 10_000;

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
  const timeoutMs = count(given['timeoutMs'], 'timeoutMs', 100, { least: 1 });
  const [currentKey, ...olderKeys] = parseKeys(given['keys']);
  const { seal, open } = sealing(currentKey, olderKeys);
  const { logger, setTimeout } = parseRuntime(options);
  const link = createLink(parseClient(given['client']), setTimeout);
  let isQuiet = false;

  const nameOf = (key: string): string =>
    `ha:{${namespace}}:hook:${createHash('sha256').update(key).digest('base64url')}`;

  function report(problem: string): void {
    if (isQuiet) return;
    isQuiet = true;
    setTimeout(() => {
      isQuiet = false;
    }, quietMs);
    logger.error(`shared webhook responses: ${problem}; the webhook is called instead`);
  }

  async function run<T>(use: (connection: RedisConnection) => Promise<T>): Promise<T> {
    try {
      return await link.run(use, timeoutMs);
    } catch (error) {
      report(failure(error));
      throw error;
    }
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
      const px = String(Math.max(1, Math.floor(ms)));
      await run((connection) =>
        connection.transaction([
          ['SET', name, seal(value, name), 'PX', px],
          ['DEL', `${name}:lock`],
        ]),
      );
    },
    async lock(key, ms) {
      const px = String(Math.max(1, Math.ceil(ms)));
      const reply = await run((connection) =>
        connection.send(['SET', `${nameOf(key)}:lock`, '1', 'NX', 'PX', px]),
      );
      return reply === 'OK';
    },
    close: () => link.close(),
  };
}
