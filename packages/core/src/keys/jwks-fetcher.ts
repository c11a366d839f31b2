import { longestTimerMs, type Runtime, type SetTimeout } from '../runtime.js';
import { keyFetches, type KeyFetchEvent } from '../events.js';
import {
  type KeySetAddress,
  downloadKeySet,
  type DownloadBounds,
  type DownloadedKeySet,
} from './jwks-download.js';

const slices = 10;

/**
 * Resolves after so many milliseconds, as long as `over` is not. They are counted in slices, one after another: where
 * the event loop was blocked for a while, as by a burst of requests at start, every timer is due before the answer that
 * lies in the socket is read. That time costs one slice, and the answer still has the others to be noticed in.
 */
export function patience(
  ms: number,
  setTimeout: SetTimeout,
  over: Promise<unknown>,
): Promise<'late'> {
  const slice = Math.min(Math.floor(ms / slices), longestTimerMs);
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  return new Promise((resolve) => {
    const wait = (left: number): void => {
      setTimeout(
        () => {
          if (left === 1) resolve('late');
          else if (!isOver) wait(left - 1);
        },
        left === 1 ? Math.min(ms - slice * (slices - 1), longestTimerMs) : slice,
      );
    };
    wait(slices);
  });
}

const firstMs = 1000;
const longestMs = 60_000;

/** When to try again after failures in a row: after 1, 2, 4 … 60 s. */
export class BackOff {
  #failures = 0;
  #retryAt = -Infinity;

  /** How many attempts have failed since the last one that succeeded. */
  get failures(): number {
    return this.#failures;
  }

  /** How long it is until the next attempt is due, in ms; 0 where it is due now. */
  remaining(now: number): number {
    return Math.max(0, this.#retryAt - now);
  }

  failed(now: number): void {
    this.#retryAt = now + Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#retryAt = -Infinity;
  }
}

const most = 3;
const msForOne = 10_000;

/**
 * How often tokens that name an unknown key may have the key set fetched: 3 times, and once more every 10 s, counted
 * from attempts. Strangers can send any `kid`, so the provider's load must not depend on how many they send; and a key
 * that is new is found within 10 s however many they send.
 */
export class LookupAllowance {
  /** In milliseconds, so that it adds up exactly. */
  #saved = most * msForOne;
  #countedAt: number;

  constructor(now: number) {
    this.#countedAt = now;
  }

  /** Whether one more may be made now; if so, it counts as made. */
  take(now: number): boolean {
    this.#saved = Math.min(most * msForOne, this.#saved + now - this.#countedAt);
    this.#countedAt = now;
    if (this.#saved < msForOne) return false;
    this.#saved -= msForOne;
    return true;
  }
}

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
  readonly #runtime: Runtime;
  readonly #clock: () => number;
  readonly #ends: FetchEnds;
  #current: (KeySetFetch & { readonly abort: AbortController }) | undefined;
  #closed = false;

  constructor(
    address: KeySetAddress,
    bounds: DownloadBounds,
    { runtime, clock, ends }: { runtime: Runtime; clock: () => number; ends: FetchEnds },
  ) {
    this.#address = address;
    this.#bounds = bounds;
    this.#runtime = runtime;
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
    const answer = downloadKeySet(this.#address, this.#bounds, this.#runtime, abort);
    this.#current = { startedAt: this.#clock(), failure: this.#settle(answer), abort };
    return this.#current;
  }

  /** How a fetch ended, or `late` where it did not within so many milliseconds. */
  outcome({ failure }: KeySetFetch, withinMs: number): Promise<'taken' | 'failed' | 'late'> {
    const ended = failure.then((reason) => (reason === undefined ? 'taken' : 'failed'));
    return Promise.race([ended, patience(withinMs, this.#runtime.setTimeout, ended)]);
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
