import type { KeyObject } from 'node:crypto';
import { algorithms, canonical, type Algorithm, type KeyFamily } from './algorithms.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { KeySetHealth } from '../observability/health.js';

/** A key that can verify signatures, imported once. Two lookups of one unchanged key give the same object. */
export interface VerificationKey {
  readonly family: KeyFamily;
  readonly key: KeyObject;
  /** The only algorithm that the key may be used with, if its publisher names one. */
  readonly alg?: Algorithm;
  /** The length of an HMAC secret in bytes; 0 for other families. */
  readonly secretBytes: number;
}

/** The algorithm and the key id in the header of a token. Unverified. */
export interface KeyHint {
  readonly alg: Algorithm;
  readonly kid: string | undefined;
}

/** What is known of a key beside the key itself. */
export interface KeyDescription extends Omit<VerificationKey, 'key'> {
  readonly kid: string | undefined;
}

/** What is known of the keys of one JWT configuration. */
export interface KeysDescription {
  /** The address of a key set, without credentials and query; undefined if the key is in the configuration. */
  readonly address: string | undefined;
  /** The keys in use; none if none has been fetched yet. */
  readonly keys: readonly KeyDescription[];
}

/** Where the keys of one JWT configuration come from. */
export interface KeySource {
  /** Grows when the keys change. */
  readonly version: number;
  /** Whether a key that verified a token earlier is still among the keys. */
  holds(key: VerificationKey): boolean;
  /**
   * What a request must wait for before it may rely on `version` and `holds`; undefined if nothing. Never rejects. Called on
   * each request with a token, so it must cost next to nothing while the keys are fresh. Absent if the keys never change.
   */
  refresh?(): Promise<void> | undefined;
  /**
   * The keys to try, best first; may be empty. Throws or rejects with the AuthError `keys-unavailable` if no key has been
   * fetched yet or an unknown `kid` could not be looked up.
   */
  find(hint: KeyHint): MaybePromise<readonly VerificationKey[]>;
  /**
   * Reports that none of the keys from `find` verified a token's signature. The keys may have been rotated under their old
   * names, so they may be fetched again; the caller rejects the token without waiting for that.
   */
  signatureFailed(hint: KeyHint): void;
  /** What is known of the keys, for explanations. */
  describe(): KeysDescription;
  /** Resolves when the keys are available; rejects with what prevents it. */
  ready(): Promise<void>;
  /** Stops what is under way. */
  close(): void;
  /** How the keys are doing. Absent if they are part of the configuration. */
  health?(): KeySetHealth;
}

/** What is known of a key beside the key itself. */
export function describeKey(
  { key: _key, ...facts }: VerificationKey,
  kid: string | undefined,
): KeyDescription {
  return { ...facts, kid };
}

/** Whether a key may be used with an algorithm: its family, its own `alg`, and the length of a secret. */
export function keyFits(key: Omit<VerificationKey, 'key'>, alg: Algorithm): boolean {
  const { family, secretBytes } = algorithms[alg];
  return (
    key.family === family &&
    (key.alg === undefined || canonical(key.alg) === canonical(alg)) &&
    key.secretBytes >= secretBytes
  );
}
