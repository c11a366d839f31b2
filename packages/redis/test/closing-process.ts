// Opens all that this package opens, closes it, and ends if nothing is left open.
import { argv } from 'node:process';
import { createAuthenticator } from '@hasura-auth/core';
import { fromIORedis, fromNodeRedis, redisHookAnswers, redisRevocations } from '@hasura-auth/redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';

const [url = ''] = argv.slice(2);

async function main(): Promise<void> {
  for (const client of [
    fromNodeRedis(createClient({ url })),
    fromIORedis(new Redis(url, { lazyConnect: true })),
  ]) {
    const revocations = redisRevocations({ client });
    const answers = redisHookAnswers({ client, keys: ['A'.repeat(43)], timeoutMs: 5000 });
    const authenticator = createAuthenticator({ adminSecret: 'secret of the test', revocations });
    await authenticator.ready();
    await authenticator.revoke({ jti: 'a' });
    await answers.set('a', 'b', 1000);
    await authenticator.close();
    answers.close();
  }
}

void main();
