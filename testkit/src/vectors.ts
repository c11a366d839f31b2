import type { JsonObject } from './resolve.js';
import { readFileSync } from 'node:fs';
import type { JsonWebKey } from 'node:crypto';

/** One key, or a set of them. */
export type WycheproofKeys = JsonWebKey | { readonly keys: readonly JsonWebKey[] };

export interface WycheproofCase {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly flags: readonly string[];
}

export interface WycheproofGroup {
  readonly comment: string;
  /** What verifies: the public half, or the secret where there is none. */
  readonly keys: WycheproofKeys;
  readonly tests: readonly WycheproofCase[];
}

interface RawGroup {
  readonly comment: string;
  readonly public?: WycheproofKeys;
  readonly private: WycheproofKeys;
  readonly tests: readonly WycheproofCase[];
}

function read(file: string): readonly WycheproofGroup[] {
  const path = new URL(`../vectors/wycheproof/${file}`, import.meta.url);
  const { testGroups } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly testGroups: readonly RawGroup[];
  };
  return testGroups.map((group) => ({
    comment: group.comment,
    keys: group.public ?? group.private,
    tests: group.tests,
  }));
}

/** Signatures of every kind and every way to get them wrong. */
export function wycheproofSignatures(): readonly WycheproofGroup[] {
  return read('json_web_signature_test.json');
}

/** Keys and key sets that must not verify anything, beside good ones. */
export function wycheproofKeys(): readonly WycheproofGroup[] {
  return read('json_web_key_test.json');
}

export interface FreshnessCase {
  readonly id: string;
  readonly source: string;
  readonly now: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly freshForSeconds: number | null | 'unparsable';
}

export interface KeySetCase {
  readonly id: string;
  readonly source: string;
  readonly jwks: JsonObject;
  readonly token: { readonly key: string; readonly alg: string; readonly kid?: string };
  readonly accepted: boolean;
}

const jwks = (): {
  readonly freshness: { readonly cases: readonly FreshnessCase[] };
  readonly sets: readonly KeySetCase[];
} =>
  JSON.parse(readFileSync(new URL('../vectors/jwks.json', import.meta.url), 'utf8')) as ReturnType<
    typeof jwks
  >; // a test compares the file with its original

/** How long a published key set stays fresh, by its response headers. */
export function freshnessCases(): readonly FreshnessCase[] {
  return jwks().freshness.cases;
}

/** Published key sets, each with a token and whether it is accepted. */
export function keySetCases(): readonly KeySetCase[] {
  return jwks().sets;
}
