import { ConfigError } from '@hasura-auth/core';

/** Clients do not prefix all commands, so that the keys that are stored would not be those that are looked for. */
export function refuseKeyPrefix(prefix: unknown): void {
  if (prefix === undefined || prefix === null || prefix === '') return;
  throw new ConfigError(
    'client',
    'expected a client without keyPrefix; the option namespace separates apps',
  );
}
