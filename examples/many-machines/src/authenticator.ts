import { createAuthenticator, optionsFromEnv, type Authenticator } from '@hasura-auth/core';
import { fromNodeRedis, redisRevocations } from '@hasura-auth/redis';
import { createClient } from 'redis';

/**
 * The authenticator of one process: the `HASURA_GRAPHQL_*` variables, and revocations on the Redis that all processes
 * share. It resolves when the revocations are loaded.
 */
export async function sharedAuthenticator(): Promise<Authenticator> {
  const client = createClient({ url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379' });
  const authenticator = createAuthenticator({
    ...optionsFromEnv(),
    adminSecret: false,
    revocations: redisRevocations({ client: fromNodeRedis(client) }),
  });
  await authenticator.ready();
  return authenticator;
}
