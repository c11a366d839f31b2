import { ConfigError } from '@hasura-auth/core';
import type { RedisClient, RedisConnection } from './client.js';
import { refuseKeyPrefix } from './key-prefix.js';

/** The part of a node-redis connection that is used. */
export interface NodeRedisConnection {
  on(event: 'error', listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  sendCommand(command: readonly string[]): Promise<unknown>;
  multi(): NodeRedisTransaction;
  destroy(): void;
}

/** The part of a node-redis transaction that is used. */
export interface NodeRedisTransaction {
  addCommand(command: string[]): unknown;
  exec(): Promise<unknown>;
}

/** What `createClient` of `redis` 5 or 6 returns, connected or not. */
export interface NodeRedisClient {
  readonly options?:
    { readonly keyPrefix?: unknown; readonly socket?: object | undefined } | undefined;
  /** Only clients of a single server have it, not those of clusters, of Sentinel and of pools. */
  readonly isPubSubActive: boolean;
  duplicate(overrides?: object): NodeRedisConnection;
}

function transaction(
  connection: NodeRedisConnection,
  commands: readonly (readonly string[])[],
): Promise<unknown> {
  const multi = connection.multi();
  for (const command of commands) multi.addCommand([...command]);
  return multi.exec();
}

function opened(connection: NodeRedisConnection): RedisConnection {
  let closed = false;
  const destroy = (): void => {
    try {
      connection.destroy();
    } catch {
      // it was not open, or is not any more
    }
  };
  connection.on('error', () => undefined); // what is under way rejects with it
  const connected = connection.connect().then(() => {
    if (closed) destroy(); // closed while it was being opened
  });
  connected.catch(() => undefined); // reported by `ready`
  return {
    ready: () => connected,
    send: (command) => connection.sendCommand(command),
    async transaction(commands) {
      const replies = await transaction(connection, commands);
      if (Array.isArray(replies)) return replies as readonly unknown[];
      throw new Error('the transaction was not carried out');
    },
    close() {
      closed = true;
      destroy();
    },
  };
}

/**
 * A client of node-redis (`redis` 5 or 6) for this package. The client is only duplicated: its connection, if it has one, is
 * not used, and closing it changes nothing here. Its `keyPrefix` is not supported.
 *
 * @throws ConfigError for anything else, such as the client of a cluster, of Sentinel or of a pool, and for a client with a `keyPrefix`.
 * @example
 * import { createClient } from 'redis';
 * const revocations = redisRevocations({ client: fromNodeRedis(createClient({ url: 'redis://127.0.0.1:6379' })) });
 */
export function fromNodeRedis(client: NodeRedisClient): RedisClient {
  const given: Partial<NodeRedisClient> | undefined = client; // a caller without types may pass anything
  if (typeof given?.duplicate !== 'function' || !('isPubSubActive' in given))
    throw new ConfigError('client', 'expected a client of the package redis, from createClient');
  refuseKeyPrefix(client.options?.keyPrefix);
  return {
    open: () =>
      opened(
        client.duplicate({
          socket: { ...client.options?.socket, reconnectStrategy: false }, // it is opened again here
          disableOfflineQueue: true,
          commandOptions: undefined, // which could turn replies into other types
          clientSideCache: undefined,
          pingInterval: undefined, // a ping would wait behind a blocking read
        }),
      ),
  };
}
