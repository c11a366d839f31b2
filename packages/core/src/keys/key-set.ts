import type { Freshness } from '../freshness.js';
import { keyFits, type KeyHint, type VerificationKey } from './key-source.js';

/** A key of a published set. */
export interface PublishedKey {
  readonly kid: string | undefined;
  /** Everything of its entry that was read, as one text: equal texts are the same key. */
  readonly content: string;
  /** Whether it is an RSA key that is too short to be safe. */
  readonly isWeak: boolean;
  readonly key: VerificationKey;
}

/** A published set of keys, replaced as a whole. */
export class KeySet {
  readonly keys: readonly PublishedKey[];
  readonly #all: readonly VerificationKey[];
  readonly #present: ReadonlySet<VerificationKey>;
  readonly #withoutKid: readonly VerificationKey[];
  /** By `kid`, each with the keys that have none after it, since those may have signed any token. */
  readonly #byKid: ReadonlyMap<string, readonly VerificationKey[]>;

  constructor(keys: readonly PublishedKey[]) {
    this.keys = keys;
    this.#all = keys.map(({ key }) => key);
    this.#present = new Set(this.#all);
    this.#withoutKid = keys.filter(({ kid }) => kid === undefined).map(({ key }) => key);
    const named = new Map<string, VerificationKey[]>();
    for (const { kid, key } of keys) {
      if (kid === undefined) continue;
      const own = named.get(kid);
      if (own === undefined) named.set(kid, [key]);
      else own.push(key);
    }
    this.#byKid = new Map(
      [...named].map(([kid, own]) => [kid, [...own, ...this.#withoutKid]] as const),
    );
  }

  holds(key: VerificationKey): boolean {
    return this.#present.has(key);
  }

  /** Whether the set has a key with that `kid`, whatever the key can be used for. */
  names(kid: string): boolean {
    return this.#byKid.has(kid);
  }

  /** Whether every key has a `kid`. */
  get namesAll(): boolean {
    return this.#withoutKid.length === 0;
  }

  /** The keys that may have signed a token: those of its own `kid`, then those without one. */
  candidates({ alg, kid }: KeyHint): readonly VerificationKey[] {
    const keys = kid === undefined ? this.#all : (this.#byKid.get(kid) ?? this.#withoutKid);
    return keys.filter((key) => keyFits(key, alg));
  }

  /** The keys of the family that a token needs, those that `candidates` returns first. */
  everyCandidate(hint: KeyHint): readonly VerificationKey[] {
    const all = this.#all.filter((key) => keyFits(key, hint.alg));
    return [...new Set([...this.candidates(hint), ...all])];
  }

  /** Whether another set has the same keys in the same order. */
  equals(other: KeySet): boolean {
    const others = other.#all;
    return (
      this.#all.length === others.length && this.#all.every((key, index) => key === others[index])
    );
  }
}

/** The shortest time that a set is fresh, so that it is fetched once a second at most. */
const leastFreshMs = 1000;
/** When a set is fetched again whose headers cannot be read, or that has no usable key. */
const unreadableMs = 60_000;
/** A refresh begins in the last fifth of a set's lifetime, and at most a minute ahead, which leaves time for retries. */
const aheadShare = 0.2;
const mostAheadMs = 60_000;

/** For how long a set counts. */
export interface KeySetLifetime {
  /** How long it is fresh if no header says so, in milliseconds. */
  readonly maxAgeMs: number;
  /** How long it is used after it became stale, in milliseconds. */
  readonly maxStaleMs: number;
}

/** How long a set is fresh, in milliseconds. */
function freshMs(freshness: Freshness, isFirst: boolean, maxAgeMs: number): number {
  switch (freshness.kind) {
    case 'for':
      return freshness.ms;
    case 'absent':
      return maxAgeMs;
    case 'unreadable':
      return isFirst ? maxAgeMs : unreadableMs; // the engine reads the first response as one without the header
  }
}

/** The key set in use: the last good one, until another replaces it as a whole or it is too stale. */
export class CachedKeySet {
  /** Grows when the keys change. */
  version = 0;
  /** When a refresh begins and when requests wait for it, by a clock that never runs backwards. Infinity without a set. */
  refreshAt: number = Infinity;
  staleAt: number = Infinity;
  /** When the last set was fetched. */
  fetchedAt: number = -Infinity;
  readonly #lifetime: KeySetLifetime;
  #endsAt = Infinity;
  /** Kept after its end too, so that keys that come back are the same objects. */
  #last: KeySet | undefined;
  #isUsable = false;

  constructor(lifetime: KeySetLifetime) {
    this.#lifetime = lifetime;
  }

  /** The set, if there is one that may be used. */
  get current(): KeySet | undefined {
    return this.#isUsable ? this.#last : undefined;
  }

  /** The keys that may be used. */
  get keys(): readonly PublishedKey[] {
    return this.#isUsable ? this.lastKeys : [];
  }

  /** The keys of the last set, whether it may be used or not. */
  get lastKeys(): readonly PublishedKey[] {
    return this.#last?.keys ?? [];
  }

  get hasKeys(): boolean {
    return this.#isUsable && this.lastKeys.length > 0;
  }

  holds(key: VerificationKey): boolean {
    return this.current?.holds(key) === true;
  }

  /** Whether the set is too stale to be used. */
  isEnded(now: number): boolean {
    return now >= this.#endsAt;
  }

  /** Ends the set if it is too stale; returns whether it did so now. */
  endIfDue(now: number): boolean {
    if (!this.isEnded(now)) return false;
    this.#isUsable = false;
    this.version += 1;
    this.refreshAt = this.staleAt = this.#endsAt = Infinity;
    return true;
  }

  /** Replaces the keys, and begins their lifetime. */
  replace(keys: readonly PublishedKey[], freshness: Freshness, now: number): void {
    const { maxAgeMs, maxStaleMs } = this.#lifetime;
    const set = new KeySet(keys);
    const most = keys.length === 0 ? unreadableMs : Infinity;
    const fresh = freshMs(freshness, this.#last === undefined, maxAgeMs);
    const ms = Math.max(leastFreshMs, Math.min(most, fresh));
    if (this.current?.equals(set) !== true) this.version += 1;
    this.#last = set;
    this.#isUsable = true;
    this.fetchedAt = now;
    this.staleAt = now + ms;
    this.refreshAt = this.staleAt - Math.min(ms * aheadShare, mostAheadMs);
    this.#endsAt = this.staleAt + maxStaleMs;
  }
}
