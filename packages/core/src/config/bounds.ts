import type { VerifiedTokensBounds } from '../jwt/verified-tokens.js';
import type { KeySetBounds } from '../keys/remote-jwks.js';
import { count, recordOf } from './check.js';
import type { AuthOptions } from './options.js';

/** Reads `keySets`. */
export function parseKeySets(value: AuthOptions['keySets']): KeySetBounds {
  const known = ['timeoutMs', 'maxBytes', 'maxStaleMs', 'waitMs'];
  const keySets = recordOf(value ?? {}, known, 'keySets');
  return {
    timeoutMs: count(keySets['timeoutMs'], 'keySets.timeoutMs', 5000, { least: 1 }),
    maxBytes: count(keySets['maxBytes'], 'keySets.maxBytes', 1_048_576, { least: 1 }),
    maxStaleMs: count(keySets['maxStaleMs'], 'keySets.maxStaleMs', Infinity, { endless: true }),
    waitMs: count(keySets['waitMs'], 'keySets.waitMs', 500),
  };
}

/** Reads `tokenCache`; undefined where verified tokens are not kept. */
export function parseTokenCache(
  value: AuthOptions['tokenCache'],
): VerifiedTokensBounds | undefined {
  if (value === false) return undefined;
  const cache = recordOf(value ?? {}, ['maxEntries', 'maxBytes'], 'tokenCache');
  return {
    maxEntries: count(cache['maxEntries'], 'tokenCache.maxEntries', 10_000, { least: 1 }),
    maxBytes: count(cache['maxBytes'], 'tokenCache.maxBytes', 67_108_864, { least: 1 }),
  };
}
