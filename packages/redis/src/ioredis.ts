import { ConfigError } from '@hasura-auth/core';
import type { RedisClient, RedisCommand, RedisConnection } from './client.js';
import { refuseKeyPrefix } from './key-prefix.js';

/** The part of an ioredis connection that is used. */
export interface IORedisConnection {
  on(event: 'error', listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  call(command: string, args: string[]): Promise<unknown>;
  multi(commands: string[][]): { exec(): Promise<unknown> };
  disconnect(): void;
}

/** What `new Redis()` of `ioredis` 5 or 6, or of `iovalkey`, returns, connected or not. */
export interface IORedisClient {
  readonly options?: { readonly keyPrefix?: unknown } | undefined;
  /** True for a cluster, which is not supported. */
  readonly isCluster?: boolean;
  duplicate(overrides?: object): IORedisConnection;
}

/** The replies of a transaction, which come as pairs of an error and a reply. */
function repliesOf(pairs: unknown): readonly unknown[] {
  if (!Array.isArray(pairs)) throw new Error('the transaction was not carried out');
  return pairs.map((pair: unknown) => {
    const [error, reply] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    if (error === null || error === undefined) return reply;
    throw error instanceof Error ? error : new Error('a command of the transaction failed');
  });
}

/** In a transaction, a command is named as the client's method for it. */
const asMethod = ([name = '', ...args]: RedisCommand): string[] => [name.toLowerCase(), ...args];

function opened(connection: IORedisConnection): RedisConnection {
  let problem: Error | undefined;
  connection.on('error', (error) => {
    problem = error; // what is under way rejects with it, but `connect` without its code
  });
  const connected = connection.connect().then(
    () => undefined,
    (error: unknown) => {
      throw problem ?? error;
    },
  );
  connected.catch(() => undefined); // reported by `ready`
  return {
    ready: () => connected,
    send: ([name = '', ...args]) => connection.call(name, args),
    transaction: async (commands) =>
      repliesOf(await connection.multi(commands.map(asMethod)).exec()),
    close: () => connection.disconnect(),
  };
}

/**
 * A client of `ioredis` 5 or 6, or of `iovalkey`, for this package, one for Sentinel included. The client is only
 * duplicated: its connection, if it has one, is not used, and closing it changes nothing here. Its `keyPrefix` is not
 * supported.
 *
 * @throws ConfigError for anything that cannot be duplicated, for a cluster, and for a client with a `keyPrefix`.
 * @example
 * import { Redis } from 'ioredis';
 * const revocations = redisRevocations({ client: fromIORedis(new Redis({ lazyConnect: true })) });
 */
export function fromIORedis(client: IORedisClient): RedisClient {
  const given: Partial<IORedisClient> | undefined = client; // a caller without types may pass anything
  if (typeof given?.duplicate !== 'function' || given.isCluster === true)
    throw new ConfigError('client', 'expected a client of ioredis or iovalkey, from new Redis()');
  if ('isPubSubActive' in given)
    throw new ConfigError(
      'client',
      'expected a client of ioredis or iovalkey; for one of the package redis, use fromNodeRedis',
    );
  refuseKeyPrefix(client.options?.keyPrefix);
  return {
    open: () =>
      opened(
        client.duplicate({
          lazyConnect: true,
          retryStrategy: null, // it is opened again here
          enableOfflineQueue: false,
          autoPipelining: false,
          commandTimeout: undefined, // a blocking read takes longer; each command has a deadline here
          blockingTimeout: undefined,
          socketTimeout: undefined,
        }),
      ),
  };
}
