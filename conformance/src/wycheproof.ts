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
