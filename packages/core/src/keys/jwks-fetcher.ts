import { withDeadline } from '../http-request.js';
import { isRecord } from '../json.js';
import type { KeySetFetchReason } from '../observability/channels.js';
import { observedFetch, type AcceptedKeySet, type KeySetTrace } from '../observability/contexts.js';
import { longestTimerMs, type Runtime, type SetTimeout } from '../runtime.js';
import {
  downloadKeySet,
  type DownloadBounds,
  type DownloadedKeySet,
  type KeySetAddress,
} from './jwks-download.js';

const slices = 10;

/**
 * Resolves to `late` after `ms` milliseconds, unless `over` settles first. The time is counted in slices, one after
 * another: if the event loop was blocked for a while, as by a burst of requests at start, every timer is due before the
 * response in the socket is read. That blocked time then costs one slice, and the response has the others to be noticed in.
 */
export function waitAtMost(
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
      const lastMs = Math.min(ms - slice * (slices - 1), longestTimerMs);
      setTimeout(() => next(left), left === 1 ? lastMs : slice);
    };
    const next = (left: number): void => {
      try {
        if (left === 1) resolve('late');
        else if (!isOver) wait(left - 1);
      } catch {
        resolve('late'); // an injected setTimeout that throws, here out of a timer
      }
    };
    wait(slices);
  });
}

const firstBackOffMs = 1000;
const longestBackOffMs = 60_000;

/** When to try again after failures in a row: after 1, 2, 4 … 60 s. */
export class BackOff {
  #failures = 0;
  #retryAt = -Infinity;

  /** How many attempts have failed since the last one that succeeded. */
  get failures(): number {
    return this.#failures;
  }

  /** How long it is until the next attempt is due, in milliseconds; 0 if it is due now. */
  remaining(now: number): number {
    return Math.max(0, this.#retryAt - now);
  }

  failed(now: number): void {
    this.#retryAt = now + Math.min(longestBackOffMs, firstBackOffMs * 2 ** this.#failures);
    this.#failures += 1;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#retryAt = -Infinity;
  }
}

const mostAttempts = 3;
const msPerAttempt = 10_000;

/**
 * How often tokens that no key verifies may have the key set fetched: 3 times, and once more every 10 s, counted from
 * attempts, failed ones too. Any client can send such tokens, so the load on the provider must not depend on how many
 * come; and a new key is found within 10 s however many come.
 */
export class FetchAllowance {
  /** In milliseconds, so that it adds up exactly. */
  #saved = mostAttempts * msPerAttempt;
  #countedAt: number;

  constructor(now: number) {
    this.#countedAt = now;
  }

  /** Whether one more may be made now; if so, it counts as made. */
  take(now: number): boolean {
    this.#saved = Math.min(mostAttempts * msPerAttempt, this.#saved + now - this.#countedAt);
    this.#countedAt = now;
    if (this.#saved < msPerAttempt) return false;
    this.#saved -= msPerAttempt;
    return true;
  }
}

const closed = new Error('the authenticator was closed');

/** What was thrown, as an Error: an app's own functions may throw anything. */
function asError(thrown: unknown): Error {
  return isRecord(thrown) && typeof thrown['message'] === 'string'
    ? (thrown as unknown as Error) // not by instanceof, which does not know the errors of another realm
    : new Error('something else than an Error was thrown');
}

/** A fetch under way. */
export interface KeySetFetch {
  readonly startedAt: number;
  /** Resolves to the reason if the fetch failed, to undefined if its set was accepted. Never rejects. */
  readonly failure: Promise<Error | undefined>;
}

/** What uses the results of fetches. */
export interface FetchResults {
  /**
   * Puts a fetched set in use and resolves to what it has, or rejects with what is wrong with it. The set must not be put
   * in use any more once the signal is aborted.
   */
  accept(downloaded: DownloadedKeySet, signal: AbortSignal): Promise<AcceptedKeySet>;
  failed(reason: Error): void;
}

/**
 * Fetches one key set: never more than one fetch at a time, the reading of its response included, so that no older set can
 * replace a newer one; a response that comes after its time is up is ignored.
 */
export class JwksFetcher {
  readonly backOff: BackOff = new BackOff();
  lastFailure: Error | undefined;
  /** When that was, by the clock. */
  lastFailureAt: number | undefined;
  readonly #name: string;
  readonly #address: KeySetAddress;
  readonly #bounds: DownloadBounds;
  readonly #runtime: Runtime;
  readonly #clock: () => number;
  readonly #results: FetchResults;
  #current: (KeySetFetch & { readonly abort: AbortController }) | undefined;
  #closed = false;

  constructor(
    address: KeySetAddress,
    bounds: DownloadBounds,
    {
      name,
      runtime,
      clock,
      results,
    }: { name: string; runtime: Runtime; clock: () => number; results: FetchResults },
  ) {
    this.#name = name;
    this.#address = address;
    this.#bounds = bounds;
    this.#runtime = runtime;
    this.#clock = clock;
    this.#results = results;
  }

  /** The fetch under way, if there is one. */
  get current(): KeySetFetch | undefined {
    return this.#current;
  }

  /** The fetch under way, or a new one; the caller decides whether a new one may begin. */
  join(reason: KeySetFetchReason): KeySetFetch {
    if (this.#current !== undefined) return this.#current;
    const abort = new AbortController();
    if (this.#closed) abort.abort(closed);
    const startedAt = this.#clock();
    // What the run itself rejects with is the failure of an injected clock.
    const about = { keySet: this.#name, origin: this.#address.origin, reason };
    const failure = observedFetch(about, (trace) => this.#run(abort, trace)).catch(asError);
    this.#current = { startedAt, failure, abort };
    return this.#current;
  }

  /** How a fetch ends, or `late` if it does not within so many milliseconds. */
  outcome({ failure }: KeySetFetch, withinMs: number): Promise<'accepted' | 'failed' | 'late'> {
    const ended = failure.then((reason) => (reason === undefined ? 'accepted' : 'failed'));
    return Promise.race([ended, waitAtMost(withinMs, this.#runtime.setTimeout, ended)]);
  }

  /** Aborts the fetch under way; later ones fail at once. */
  close(): void {
    this.#closed = true;
    this.#current?.abort.abort(closed);
  }

  async #run(abort: AbortController, trace: KeySetTrace | undefined): Promise<Error | undefined> {
    try {
      const { signal } = abort;
      const about = [this.#address, this.#bounds, this.#runtime] as const;
      const downloaded = await downloadKeySet(...about, signal, trace);
      // Reading a set that is made to be slow must end, too.
      const { timeoutMs } = this.#bounds;
      const accepted = await withDeadline(timeoutMs, this.#runtime.setTimeout, (late) =>
        this.#results.accept(downloaded, AbortSignal.any([late, signal])),
      );
      trace?.accepted(accepted);
      this.lastFailure = undefined;
      this.lastFailureAt = undefined;
      this.backOff.succeeded();
    } catch (error) {
      trace?.failed(error, this.#closed);
      this.lastFailure = asError(error);
      if (!this.#closed) this.#results.failed(this.lastFailure);
      this.lastFailureAt = this.#clock();
      this.backOff.failed(this.lastFailureAt);
    } finally {
      this.#current = undefined;
    }
    return this.lastFailure;
  }
}
