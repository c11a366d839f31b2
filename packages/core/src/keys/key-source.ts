import type { KeyObject } from 'node:crypto';
import { algorithms, canonical, type Algorithm, type KeyFamily } from './algorithms.js';
import type { MaybePromise } from '../maybe-promise.js';

/** A key that can verify signatures, imported once. Two lookups of one unchanged key give the same object. */
export interface VerificationKey {
  readonly family: KeyFamily;
  readonly key: KeyObject;
  /** The only algorithm that the key may be used with, where its publisher named one. */
  readonly alg?: Algorithm;
  /** The length of an HMAC secret in bytes; 0 for other families. */
  readonly secretBytes: number;
}

/** What a token's header says of its key. Unverified. */
export interface KeyHint {
  readonly alg: Algorithm;
  readonly kid: string | undefined;
}

/** Where the keys of one JWT configuration come from. */
export interface KeySource {
  /** Grows when the keys change. */
  readonly version: number;
  /** Whether a key that verified a token before is still among the keys. */
  holds(key: VerificationKey): boolean;
  /**
   * What a request must wait for before it may trust `version` and `holds`; undefined where nothing. Never rejects.
   * Called on each request with a token, so it must cost next to nothing while the keys are fresh.
   */
  refresh(): Promise<void> | undefined;
  /**
   * The keys to try, best first; may be empty. Throws or rejects with the AuthError `keys-unavailable` where no key
   * has been fetched yet or an unknown `kid` could not be looked up.
   */
  find(hint: KeyHint): MaybePromise<readonly VerificationKey[]>;
  /** Resolves when the keys are there; rejects with what keeps them away. */
  ready(): Promise<void>;
  /** Stops what is under way. */
  close(): void;
}

/** Whether a key may be used with an algorithm: its family, its own `alg`, and the length of a secret. */
export function keyFits(key: VerificationKey, alg: Algorithm): boolean {
  const { family, secretBytes } = algorithms[alg];
  return (
    key.family === family &&
    (key.alg === undefined || canonical(key.alg) === canonical(alg)) &&
    key.secretBytes >= secretBytes
  );
}
