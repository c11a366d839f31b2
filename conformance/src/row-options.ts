import type { AuthOptions } from '@hasura-auth/core';
import { resolve, type KeptLog } from '@hasura-auth/testkit';

import type { RequestRow } from './vectors.js';

/** The options that a row describes; rows are data, what is wrong in them createAuthenticator says. */
export function rowOptions(row: Pick<RequestRow, 'config' | 'now'>, log: KeptLog): AuthOptions {
  const { now } = row;
  return {
    ...(resolve(row.config, now ?? Date.now()) as AuthOptions),
    logger: log.logger,
    ...(now !== undefined && { runtime: { now: () => now } }),
  };
}

/** Rows with equal keys can share an authenticator and an app. */
export function optionsKey({ config, now }: RequestRow): string {
  return JSON.stringify([config, now]);
}
