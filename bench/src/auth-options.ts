import type { AuthOptions } from '@hasura-auth/core';
import type { BenchAlgorithm, BenchKey } from './tokens.js';

const types = {
  HS256: 'HS256',
  RS256: 'RS256',
  ES256: 'ES256',
  EdDSA: 'Ed25519',
} as const satisfies Record<BenchAlgorithm, string>;

/** The options of hasura-auth in every table: one secret or public key, everything else by default. */
export function authOptions(key: BenchKey): AuthOptions {
  return {
    adminSecret: 'the-secret-of-the-benchmark',
    jwtSecret: { type: types[key.alg], key: key.text },
  };
}
