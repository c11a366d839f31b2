import type { Freshness } from '../freshness.js';
import { keyFits, type KeyHint, type VerificationKey } from './key-source.js';

/** A set that says it is stale at once is fetched once a second at most. */
const shortestMs = 1000;
/** When a set is fetched again whose headers cannot be read, or that holds no key to go on with. */
const unreadableMs = 60_000;
/** A refresh begins in the last fifth of a set's life, and at most a minute ahead: time enough for a few attempts. */
const aheadShare = 0.2;
const mostAheadMs = 60_000;

/** How long a set lives, in ms. */
function lifetime(said: Freshness, isFirst: boolean): number {
  switch (said.kind) {
    case 'for':
      return Math.max(shortestMs, said.ms);
    case 'unsaid':
      return Infinity;
    case 'unreadable':
      return isFirst ? Infinity : unreadableMs; // as the engine does
  }
}

/** The key set in service: the last good one, until another replaces it as a whole. */
export class ServedSet {
  /** Grows when the keys change. */
  version = 0;
  /** Moments by a clock that never runs backwards: a refresh begins, requests wait for it. Infinity without a set. */
  refreshAt: number = Infinity;
  staleAt: number = Infinity;
  #endsAt = Infinity;
  /** Kept after its end too, so that keys that come back are the same objects. */
  #last: KeySet | undefined;
  #serves = false;

  /** The set, if there is one that counts still. */
  get current(): KeySet | undefined {
    return this.#serves ? this.#last : undefined;
  }

  /** The keys of the last set, whether it counts still or not. */
  get lastKeys(): readonly PublishedKey[] {
    return this.#last?.keys ?? [];
  }

  get hasKeys(): boolean {
    return this.#serves && this.lastKeys.length > 0;
  }

  holds(key: VerificationKey): boolean {
    return this.#serves && this.#last?.holds(key) === true;
  }

  /** Ends the set where it is too old to count; says whether it did so now. */
  endIfDue(now: number): boolean {
    if (now < this.#endsAt) return false;
    this.#serves = false;
    this.version += 1;
    this.refreshAt = this.staleAt = this.#endsAt = Infinity;
    return true;
  }

  /** Puts other keys in service, which count until `maxStaleMs` after they went stale. */
  replace(
    keys: readonly PublishedKey[],
    said: Freshness,
    { now, maxStaleMs }: { readonly now: number; readonly maxStaleMs: number },
  ): void {
    const set = new KeySet(keys);
    const most = keys.length === 0 ? unreadableMs : Infinity;
    const ms = Math.min(most, lifetime(said, this.#last === undefined));
    if (this.current?.equals(set) !== true) this.version += 1;
    this.#last = set;
    this.#serves = true;
    this.staleAt = now + ms;
    this.refreshAt = this.staleAt - Math.min(ms * aheadShare, mostAheadMs);
    this.#endsAt = this.staleAt + maxStaleMs;
  }
}

/** A key of a published set. */
export interface PublishedKey {
  readonly kid: string | undefined;
  /** Everything of its entry that was read, as one text: equal texts are the same key. */
  readonly content: string;
  readonly key: VerificationKey;
}

/** A published set of keys, replaced as a whole. */
export class KeySet {
  readonly keys: readonly PublishedKey[];
  readonly #all: readonly VerificationKey[];
  readonly #present: ReadonlySet<VerificationKey>;
  readonly #withoutKid: readonly VerificationKey[];
  /** By `kid`, each with the keys that have none after it: those may be anybody's. */
  readonly #byKid: ReadonlyMap<string, readonly VerificationKey[]>;

  constructor(keys: readonly PublishedKey[]) {
    this.keys = keys;
    this.#all = keys.map(({ key }) => key);
    this.#present = new Set(this.#all);
    this.#withoutKid = keys.filter(({ kid }) => kid === undefined).map(({ key }) => key);
    const named = new Map<string, VerificationKey[]>();
    for (const { kid, key } of keys)
      if (kid !== undefined) named.set(kid, [...(named.get(kid) ?? []), key]);
    this.#byKid = new Map(
      [...named].map(([kid, own]) => [kid, [...own, ...this.#withoutKid]] as const),
    );
  }

  holds(key: VerificationKey): boolean {
    return this.#present.has(key);
  }

  /** Whether a key of that `kid` is here, whatever it can be used for. */
  names(kid: string): boolean {
    return this.#byKid.has(kid);
  }

  /** The keys that may have signed a token, those of its own `kid` first. */
  candidates({ alg, kid }: KeyHint): readonly VerificationKey[] {
    const keys = kid === undefined ? this.#all : (this.#byKid.get(kid) ?? this.#withoutKid);
    return keys.filter((key) => keyFits(key, alg));
  }

  /** Whether another set has the same keys in the same order. */
  equals(other: KeySet): boolean {
    const others = other.#all;
    return (
      this.#all.length === others.length && this.#all.every((key, index) => key === others[index])
    );
  }
}
