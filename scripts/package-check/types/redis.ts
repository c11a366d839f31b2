import type { RevocationStore } from '@hasura-auth/core';
import { fromIORedis, fromNodeRedis, redisRevocations } from '@hasura-auth/redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
export const store: RevocationStore = redisRevocations({ client: fromNodeRedis(createClient()) });
export const other: RevocationStore = redisRevocations({ client: fromIORedis(new Redis()) });
// @ts-expect-error a client has to be wrapped
redisRevocations({ client: createClient() });
