import { setImmediate as nextTurn } from 'node:timers/promises';
import { URL } from 'node:url';
import { isRecord } from '../json.js';
import {
  importKey,
  readCertificate,
  readJwk,
  type PublishedEntry,
  type EntryProblem,
} from './jwk.js';
import type { KeyRules } from './jwk.js';
import type { PublishedKey } from './key-set.js';
import { looksLikePem } from './pem.js';
import { goodRsaBits } from './algorithms.js';

/** How many keys of a set are used at most. */
export const mostKeys: number = 100;
/** How many imports are tried for a set at most, whether they succeed or not: one takes up to a millisecond (P-521). */
export const mostImports: number = 200;
/** After so many imports, or so many other entries, the event loop gets its turn: after about 5 ms at most. */
export const importsPerTurn: number = 4;
const entriesPerTurn = 2000;

/** What an operator should know about a key: mostly why it is not used. */
export const remarkTexts: Readonly<Record<EntryProblem | 'weak' | 'surplus' | 'untried', string>> =
  {
    malformed: 'malformed, ignored',
    kind: 'of a kind that no supported algorithm uses, ignored',
    use: 'not for signatures by its "use", ignored',
    operations: 'not for verifying by its "key_ops", ignored',
    symmetric: 'a symmetric secret, which every client knows once it is published, ignored',
    private: 'published with its private part, with which any client could sign, ignored',
    algorithm: 'with an "alg" that does not fit its "kty" and "crv", ignored',
    short: 'an RSA key shorter than minRsaBits allows, ignored',
    weak: `an RSA key under ${String(goodRsaBits)} bits, used although that is not safe`,
    surplus: `beyond the first ${String(mostKeys)} that are used, ignored`,
    untried: `beyond the first ${String(mostImports)} that are tried, ignored`,
  };

type RemarkKind = keyof typeof remarkTexts;

/** Something that is true of some keys of a set. */
export interface Remark {
  readonly text: string;
  readonly count: number;
  /** The `kid`s of the first of them, as far as they have one. */
  readonly kids: readonly string[];
}

/** How many keys a remark names. */
const mostKids = 5;

/** The keys of a published set that can be used, and what an operator should know about the others. */
export interface ReadKeySet {
  readonly keys: readonly PublishedKey[];
  /** How many entries are no key that can be used. */
  readonly skipped: number;
  readonly remarks: readonly Remark[];
}

/** The address in a discovery document, without credentials and query; undefined if it is none of http or https. */
function shownAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, origin, pathname } = new URL(address);
  return /^https?:$/.test(protocol) ? (origin + pathname).slice(0, 200) : undefined;
}

/** Says what JSON is that is no key set; quotes nothing of it but the address of the key set in a discovery document. */
function otherJson(json: unknown): Error {
  if (!isRecord(json) || typeof json['jwks_uri'] !== 'string')
    return new Error('the response is JSON, but neither a key set nor a map of certificates');
  const address = shownAddress(json['jwks_uri']);
  return new Error(
    `the response is a discovery document and not a key set; set jwk_url to its jwks_uri${address === undefined ? '' : `, ${address}`}`,
  );
}

/** An entry of a set, its `kid` as it was published, and what of it is used. */
export type ReadEntry = readonly [kid: unknown, entry: PublishedEntry | EntryProblem];

/** The entries one after another, each read when its turn comes. */
export function* entriesOf(json: unknown): Generator<ReadEntry> {
  if (!isRecord(json)) throw otherJson(json);
  const { keys } = json;
  if (Array.isArray(keys)) {
    for (const jwk of keys as readonly unknown[])
      yield [isRecord(jwk) ? jwk['kid'] : undefined, readJwk(jwk)];
    return;
  }
  const kids = Object.keys(json);
  const isPem = (text: unknown): boolean => typeof text === 'string' && looksLikePem(text);
  if (!kids.some((kid) => isPem(json[kid]))) throw otherJson(json);
  for (const kid of kids) yield [kid, readCertificate(kid, json[kid])];
}

/** Counts what is remarked of which keys. The texts are few, whatever the set holds. */
class Remarks {
  readonly #found = new Map<RemarkKind, { text: string; count: number; kids: string[] }>();

  add(kind: RemarkKind, kid: unknown): void {
    const remark = this.#found.get(kind) ?? { text: remarkTexts[kind], count: 0, kids: [] };
    remark.count += 1;
    if (typeof kid === 'string' && remark.kids.length < mostKids) remark.kids.push(kid);
    this.#found.set(kind, remark);
  }

  get list(): readonly Remark[] {
    return [...this.#found.values()];
  }
}

/**
 * Reads a JWK set (RFC 7517, section 5) or a map of certificates. An entry that cannot be used is ignored, and never
 * spoils the others. A key that is among the `known` ones, unchanged, is that same object and needs no import.
 *
 * The provider may be hostile: imports are bounded in number, and the event loop gets its turn between them. Rejects if
 * the JSON is something else, with a message that is safe to log, and with the signal's reason if that is aborted.
 */
export async function readKeySet(
  json: unknown,
  rules: KeyRules,
  {
    known = [],
    signal,
  }: { readonly known?: readonly PublishedKey[]; readonly signal?: AbortSignal },
): Promise<ReadKeySet> {
  const earlier = new Map(known.map((key) => [key.content, key]));
  const keys = new Map<string, PublishedKey>();
  const remarks = new Remarks();
  let skipped = 0;
  let imports = 0;
  let work = 0;
  const keyOf = (entry: PublishedEntry): PublishedKey | RemarkKind => {
    const unchanged = earlier.get(entry.content);
    if (unchanged !== undefined) return unchanged;
    if (imports >= mostImports) return 'untried';
    imports += 1;
    work += entriesPerTurn / importsPerTurn;
    return importKey(entry, rules);
  };
  const skip = (why: RemarkKind, kid: unknown): void => {
    skipped += 1;
    remarks.add(why, kid);
  };
  for (const [kid, entry] of entriesOf(json)) {
    work += 1;
    if (typeof entry === 'string') skip(entry, kid);
    else if (keys.size >= mostKeys) skip('surplus', kid);
    else if (!keys.has(entry.content)) {
      const key = keyOf(entry);
      if (typeof key === 'string') skip(key, kid);
      else {
        keys.set(key.content, key);
        if (key.isWeak) remarks.add('weak', kid);
      }
    }
    if (work < entriesPerTurn) continue;
    work = 0;
    await nextTurn();
    signal?.throwIfAborted();
  }
  return { keys: [...keys.values()], skipped, remarks: remarks.list };
}
