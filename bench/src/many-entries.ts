import type { TokensRevocation } from '@hasura-auth/core';
import { fromNodeRedis, redisRevocations, type RedisRevocations } from '@hasura-auth/redis';
import { createClient } from 'redis';
import { issuer } from './tokens.js';

const silent = { warn: () => undefined, error: () => undefined };

/** A store on the server at an address; what it reports is not printed, since the figures are what counts here. */
export function storeAt(url: string): RedisRevocations {
  return redisRevocations({
    client: fromNodeRedis(createClient({ url })),
    maxEntries: 1_000_000,
    timeoutMs: 60_000,
    logger: silent,
  });
}

/** Entries of each kind but `token`, in turn, for users that no token of the benchmark is for. */
export function entries(count: number): TokensRevocation[] {
  const now = Date.now();
  const until = now + 86_400_000;
  return Array.from({ length: count }, (_, index): TokensRevocation => {
    const value = `9d41c0aa-3c1f-4d5e-9a77-${String(index).padStart(12, '0')}`;
    switch (index % 3) {
      case 0:
        return { by: 'sub', iss: issuer, value, before: now / 1000, until };
      case 1:
        return { by: 'sid', iss: issuer, value, until };
      default:
        return { by: 'jti', iss: issuer, value, until };
    }
  });
}

/** Writes entries into the database of a server. */
export async function fill(url: string, count: number): Promise<void> {
  const store = storeAt(url);
  await store.restore(entries(count));
  store.close();
}
