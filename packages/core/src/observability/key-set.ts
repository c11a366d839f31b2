import { DeadlineError, OversizedError, RequestError, StatusError } from '../http-request.js';
import {
  keySetFetches,
  type FetchFailure,
  type KeySetContext,
  type KeySetFetchReason,
} from './channels.js';
import { traced, type OpenContext } from './traced.js';

/** What a fetched set has. */
export interface AcceptedKeySet {
  readonly keys: number;
  readonly skipped: number;
  readonly freshForMs: number;
}

/** What is fetched, and why. */
export type AboutFetch = Pick<KeySetContext, 'keySet' | 'origin' | 'reason'>;

function failureOf(error: unknown): FetchFailure {
  if (error instanceof DeadlineError) return 'timeout';
  if (error instanceof StatusError) return 'status';
  if (error instanceof OversizedError) return 'response';
  return error instanceof RequestError ? 'network' : 'response';
}

/** The context of one fetch, as the fetcher fills it. */
class FetchTrace implements KeySetContext, OpenContext<Error | undefined> {
  readonly keySet: string;
  readonly origin: string;
  readonly reason: KeySetFetchReason;
  keys: number | undefined = undefined;
  skipped: number | undefined = undefined;
  freshForMs: number | undefined = undefined;
  status: number | undefined = undefined;
  failure: FetchFailure | undefined = undefined;
  durationMs: number | undefined = undefined;

  constructor({ keySet, origin, reason }: AboutFetch) {
    this.keySet = keySet;
    this.origin = origin;
    this.reason = reason;
  }

  accepted({ keys, skipped, freshForMs }: AcceptedKeySet): void {
    this.keys = keys;
    this.skipped = skipped;
    this.freshForMs = freshForMs;
  }

  failed(error: unknown, isClosed: boolean): void {
    this.failure = isClosed ? 'closed' : failureOf(error);
    if (error instanceof StatusError) this.status = error.status;
  }

  resolved(failure: Error | undefined): boolean {
    return failure !== undefined;
  }

  rejected(): void {
    this.failure ??= 'response'; // an injected clock that fails
  }
}

/** What the fetcher notes for the event of a fetch. */
export type KeySetTrace = FetchTrace;

/** Runs a fetch, which resolves to its failure, and publishes it if a channel of key sets has a subscriber. */
export async function observedFetch(
  about: AboutFetch,
  run: (trace: KeySetTrace | undefined) => Promise<Error | undefined>,
): Promise<Error | undefined> {
  if (!keySetFetches.hasSubscribers) return run(undefined);
  const trace = new FetchTrace(about);
  return traced(keySetFetches, trace, run, trace);
}
