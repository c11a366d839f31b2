import { keyFits } from '../jwt/verify.js';
import type { KeyHint, VerificationKey } from './key-source.js';

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
