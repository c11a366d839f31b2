import { installedRedis, startRedis, type RedisKind, type RedisServer } from '@hasura-auth/testkit';
import { Redis } from 'ioredis';
import { Redis as Valkey } from 'iovalkey';
import { createClient } from 'redis';
import { fromIORedis, fromNodeRedis, type RedisClient } from '@hasura-auth/redis';

/** Each client that is supported, for the server at an address. */
export const clients: Readonly<Record<string, (url: string) => RedisClient>> = {
  'node-redis': (url) => fromNodeRedis(createClient({ url })),
  'node-redis with RESP2': (url) => fromNodeRedis(createClient({ url, RESP: 2 })),
  ioredis: (url) => fromIORedis(new Redis(url, { lazyConnect: true })),
  iovalkey: (url) => fromIORedis(new Valkey(url, { lazyConnect: true })),
};

/** One of them, for tests in which they do not differ. */
export const clientOf = (url: string): RedisClient => fromNodeRedis(createClient({ url }));

/**
 * Runs tests against each server that this machine has, one process for all of them. If it has none of a kind, they are
 * skipped, and their title says why.
 */
export function describeWithRedis(
  title: string,
  tests: (server: () => RedisServer, kind: RedisKind) => void,
  kinds: readonly RedisKind[] = ['redis', 'valkey'],
): void {
  for (const kind of kinds)
    if (installedRedis.includes(kind))
      describe(`${title}, with a real ${kind}-server`, () => {
        let server: RedisServer;
        beforeAll(async () => {
          server = await startRedis(kind);
        });
        tests(() => server, kind);
        afterAll(() => server.close()); // after those of the tests
      });
    else
      describe.skip(`${title} (skipped: ${kind}-server is not installed)`, () => {
        it.todo('runs where the server is installed');
      });
}
