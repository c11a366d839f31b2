import type { AuthOptions } from '@hasura-auth/core';
import { resolve } from './resolve.js';
import type { RequestRow } from './vectors.js';

/** A logger that keeps what it was told, so that rows can ask for a warning and nothing reaches the console. */
export interface KeptLog {
  readonly lines: readonly string[];
  readonly logger: { warn(...told: unknown[]): void; error(...told: unknown[]): void };
}

export function keptLog(): KeptLog {
  const lines: string[] = [];
  const keep = (...told: unknown[]): void => {
    lines.push(
      told.map((part) => (part instanceof Error ? String(part) : JSON.stringify(part))).join(' '),
    );
  };
  return { lines, logger: { warn: keep, error: keep } };
}

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
