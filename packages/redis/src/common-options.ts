import { ConfigError } from '@hasura-auth/core';
import type { RedisClient } from './client.js';

/** Reads `namespace`. Braces would end the part of a key that decides its slot. */
export function parseNamespace(value: unknown): string {
  if (value === undefined) return 'default';
  if (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value)) return value;
  throw new ConfigError('namespace', 'expected 1 to 64 letters, digits, "_", "." and "-"');
}

/** Reads `client`. */
export function parseClient(value: unknown): RedisClient {
  if (typeof (value as Partial<RedisClient> | undefined)?.open === 'function')
    return value as RedisClient; // has the one function of it
  throw new ConfigError('client', 'expected what fromNodeRedis or fromIORedis returns');
}
