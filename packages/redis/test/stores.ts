import type { RevocationEntry, TokensRevocation } from '@hasura-auth/core';
import { keptLog } from '@hasura-auth/testkit';
import {
  redisRevocations,
  type RedisRevocations,
  type RedisRevocationsOptions,
} from '@hasura-auth/redis';
import { clientOf } from './servers.js';

const open: RedisRevocations[] = [];

/** Makes a store on the server at an address, which `closeStores` closes. */
export function storeOn(
  url: string,
  options: Partial<RedisRevocationsOptions> = {},
): RedisRevocations {
  const store = redisRevocations({ client: clientOf(url), logger: keptLog().logger, ...options });
  open.push(store);
  return store;
}

/** Closes what `storeOn` has made, after each test. */
export function closeStores(): void {
  for (const store of open.splice(0)) store.close();
}

let namespaces = 0;

/** A namespace that no other test uses. */
export const ownNamespace = (title: string): string => `${title}-${String(namespaces++)}`;

/** A revocation by `jti` that is in force for an hour. */
export const jti = (value: string): TokensRevocation => ({
  by: 'jti',
  value,
  until: Date.now() + 3_600_000,
});

/** What entries name, such as the ids of tokens. */
export const valuesOf = (entries: readonly RevocationEntry[]): unknown[] =>
  entries.map((entry) => 'value' in entry && entry.value);
