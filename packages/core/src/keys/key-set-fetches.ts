import type { Outside } from '../config/outside.js';
import { keyFetches, type KeyFetchEvent } from '../events.js';
import { BackOff } from './back-off.js';
import type { KeySetAddress } from './key-set-address.js';
import { downloadKeySet, type DownloadBounds, type DownloadedKeySet } from './key-set-download.js';
import { patience } from './patience.js';

const closed = new Error('the authenticator was closed');

/** A fetch under way. */
export interface KeySetFetch {
  readonly startedAt: number;
  /** Resolves to what went wrong; undefined where the set was taken. Never rejects. */
  readonly failure: Promise<Error | undefined>;
}

/** What happens when a fetch is over. */
export interface FetchEnds {
  /** Takes the answer and says how many keys it brings, or throws what is wrong with it. */
  take(answer: DownloadedKeySet): number;
  failed(reason: Error): void;
}

/**
 * The fetches of one key set: never more than one at a time, so that no older answer can replace a newer one; an answer
 * that comes after its time is up is nobody's.
 */
export class KeySetFetches {
  readonly backOff: BackOff = new BackOff();
  lastFailure: Error | undefined;
  readonly #address: KeySetAddress;
  readonly #bounds: DownloadBounds;
  readonly #outside: Outside;
  readonly #clock: () => number;
  readonly #ends: FetchEnds;
  #current: (KeySetFetch & { readonly abort: AbortController }) | undefined;
  #closed = false;

  constructor(
    address: KeySetAddress,
    bounds: DownloadBounds,
    { outside, clock, ends }: { outside: Outside; clock: () => number; ends: FetchEnds },
  ) {
    this.#address = address;
    this.#bounds = bounds;
    this.#outside = outside;
    this.#clock = clock;
    this.#ends = ends;
  }

  /** The fetch under way, if there is one. */
  get current(): KeySetFetch | undefined {
    return this.#current;
  }

  /** The fetch under way, or a new one: whether one may be made now is the caller's to know. */
  join(): KeySetFetch {
    if (this.#current !== undefined) return this.#current;
    const abort = new AbortController();
    if (this.#closed) abort.abort(closed);
    const answer = downloadKeySet(this.#address, this.#bounds, this.#outside, abort);
    this.#current = { startedAt: this.#clock(), failure: this.#settle(answer), abort };
    return this.#current;
  }

  /** How a fetch ended, or `late` where it did not within so many milliseconds. */
  outcome({ failure }: KeySetFetch, withinMs: number): Promise<'taken' | 'failed' | 'late'> {
    const ended = failure.then((reason) => (reason === undefined ? 'taken' : 'failed'));
    return Promise.race([ended, patience(withinMs, this.#outside.setTimeout, ended)]);
  }

  /** Aborts the fetch under way; later ones fail at once. */
  close(): void {
    this.#closed = true;
    this.#current?.abort.abort(closed);
  }

  async #settle(answer: Promise<DownloadedKeySet>): Promise<Error | undefined> {
    const began = performance.now();
    let keys: number | undefined;
    try {
      keys = this.#ends.take(await answer);
      this.lastFailure = undefined;
      this.backOff.succeeded();
    } catch (error) {
      this.lastFailure = error as Error; // what downloading and reading throw
      this.backOff.failed(this.#clock());
      if (!this.#closed) this.#ends.failed(this.lastFailure);
    }
    this.#current = undefined;
    if (keyFetches.hasSubscribers) this.#publish(keys, performance.now() - began);
    return this.lastFailure;
  }

  #publish(keys: number | undefined, durationMs: number): void {
    const { origin } = this.#address;
    const event: KeyFetchEvent =
      keys === undefined
        ? { origin, outcome: 'failed', durationMs }
        : { origin, outcome: 'ok', keys, durationMs };
    keyFetches.publish(event);
  }
}
