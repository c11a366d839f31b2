import { createHash } from 'node:crypto';
import type { TokensRevocation } from '@hasura-auth/core';

/** The keys of one namespace. The braces put all of them in one slot of a cluster, which transactions need. */
export interface RevocationKeys {
  /** The stream that every process follows. */
  readonly log: string;
  /** A sorted set of the keys of all entries by their ends, so that loading them does not scan the database. */
  readonly index: string;
  /** The key of an entry: a digest of the issuer and the value, so that its length is bounded. */
  entry(entry: TokensRevocation): string;
}

const digest = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

export function revocationKeys(namespace: string): RevocationKeys {
  const prefix = `ha:{${namespace}}:`;
  return {
    log: `${prefix}log`,
    index: `${prefix}revs`,
    entry: (entry) => {
      const parts: unknown[] = ['iss' in entry ? entry.iss : null, entry.value];
      // It revokes other tokens than an entry without it: neither may replace the other.
      if (entry.by === 'sub' && entry.withoutSid === true) parts.push('withoutSid');
      return `${prefix}rev:${entry.by}:${digest(parts)}`;
    },
  };
}
