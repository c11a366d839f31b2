export type { RedisClient, RedisCommand, RedisConnection } from './client.js';
export { fromIORedis, type IORedisClient, type IORedisConnection } from './ioredis.js';
export {
  fromNodeRedis,
  type NodeRedisClient,
  type NodeRedisConnection,
  type NodeRedisTransaction,
} from './node-redis.js';
export {
  redisHookAnswers,
  type RedisHookAnswers,
  type RedisHookAnswersOptions,
} from './hook-answers.js';
export {
  redisRevocations,
  type RedisRevocations,
  type RedisRevocationsOptions,
} from './revocations.js';
