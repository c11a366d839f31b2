import type { Runtime } from '../runtime.js';
import { AuthError } from '../errors.js';
import { algorithms } from './algorithms.js';
import { andThen, type MaybePromise } from '../maybe-promise.js';
import { readKeySet } from './jwk-set.js';
import { keySetAddress } from './jwks-download.js';
import type { DownloadedKeySet } from './jwks-download.js';
import { KeySetFetches } from './jwks-fetcher.js';
import { KeySetLog } from './jwks-log.js';
import type { KeySet } from './key-set.js';
import type { KeyHint, KeySource, VerificationKey } from './key-source.js';
import { LookupAllowance } from './jwks-fetcher.js';
import { ServedSet } from './key-set.js';
import { steadyClock } from '../runtime.js';

/** Bounds of a fetched key set, each with its default filled in. */
export interface KeySetBounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxStaleMs: number;
  readonly waitMs: number;
}

/** How many keys are tried for one token. */
const mostCandidates = 10;

class RemoteJwks implements KeySource {
  readonly #served = new ServedSet();
  readonly #bounds: KeySetBounds;
  readonly #log: KeySetLog;
  readonly #clock: () => number;
  readonly #fetches: KeySetFetches;
  readonly #lookups: LookupAllowance;

  constructor(url: string, bounds: KeySetBounds, runtime: Runtime) {
    const address = keySetAddress(url);
    this.#bounds = bounds;
    this.#log = new KeySetLog(address.shown, runtime.logger);
    this.#clock = steadyClock(runtime.now);
    this.#lookups = new LookupAllowance(this.#clock());
    this.#fetches = new KeySetFetches(address, bounds, {
      runtime,
      clock: this.#clock,
      ends: {
        take: (answer) => this.#take(answer),
        failed: (reason) => {
          this.#log.failed(reason, this.#served.current !== undefined);
        },
      },
    });
  }

  get version(): number {
    return this.#served.version;
  }

  holds(key: VerificationKey): boolean {
    return this.#served.holds(key);
  }

  refresh(): Promise<void> | undefined {
    const now = this.#clock();
    return now < this.#served.refreshAt ? undefined : this.#refreshDue(now);
  }

  find(hint: KeyHint): MaybePromise<readonly VerificationKey[]> {
    const before = this.#served.current;
    return andThen(this.refresh(), () => {
      const set = this.#served.current;
      if (set === undefined) return this.#findFirst(hint);
      const keys = this.#candidates(set, hint);
      const isUnknown = keys.length === 0 && hint.kid !== undefined && !set.names(hint.kid);
      // A set that came while this request waited needs no second look; and no fetch can bring a key for an HMAC token,
      // since secrets in a published set are never used.
      const isWorthAFetch = isUnknown && set === before && algorithms[hint.alg].family !== 'hmac';
      return isWorthAFetch ? this.#lookUp(hint) : keys;
    });
  }

  /** Fetches at once where there are no keys, whatever the back-off: how often it is called is up to the app. */
  async ready(): Promise<void> {
    this.#endIfDue(this.#clock());
    if (this.#served.hasKeys) return;
    const failure = await this.#fetches.join().failure;
    if (failure !== undefined) throw this.#log.notReady(failure.message);
    if (!this.#served.hasKeys) throw this.#log.notReady('none of its keys can be used');
  }

  close(): void {
    this.#fetches.close();
  }

  #endIfDue(now: number): boolean {
    const ended = this.#served.endIfDue(now);
    if (ended) this.#log.ended();
    return ended;
  }

  /** Begins a refresh where one is due; what to wait for only where the set is stale and no refresh has failed yet. */
  #refreshDue(now: number): Promise<void> | undefined {
    if (this.#endIfDue(now)) return undefined;
    const { backOff } = this.#fetches;
    if (backOff.remaining(now) === 0) this.#fetches.join();
    const fetch = this.#fetches.current;
    if (fetch === undefined || now < this.#served.staleAt || backOff.failures > 0) return undefined;
    // Counted from the fetch's start: a hung one delays the requests of its first moments, not all until its end.
    const left = fetch.startedAt + this.#bounds.waitMs - now;
    return left > 0 ? this.#fetches.outcome(fetch, left).then(() => undefined) : undefined;
  }

  #candidates(set: KeySet, hint: KeyHint): readonly VerificationKey[] {
    const keys = set.candidates(hint);
    if (keys.length <= mostCandidates) return keys;
    this.#log.tooManyCandidates(keys.length, mostCandidates);
    return keys.slice(0, mostCandidates);
  }

  async #findFirst(hint: KeyHint): Promise<readonly VerificationKey[]> {
    const { backOff, current } = this.#fetches;
    if (current === undefined && backOff.remaining(this.#clock()) > 0) throw this.#unavailable();
    await this.#fetches.outcome(this.#fetches.join(), this.#bounds.waitMs);
    const set = this.#served.current;
    if (set === undefined) throw this.#unavailable();
    return this.#candidates(set, hint);
  }

  /** Looks for a key that the set does not have. While the provider is down, nobody can say that there is none. */
  async #lookUp(hint: KeyHint): Promise<readonly VerificationKey[]> {
    const { backOff, current } = this.#fetches;
    if (current === undefined && !this.#lookups.take(this.#clock())) {
      if (backOff.failures > 0) throw this.#unavailable();
      return [];
    }
    const outcome = await this.#fetches.outcome(this.#fetches.join(), this.#bounds.waitMs);
    const set = this.#served.current;
    if (outcome !== 'taken' || set === undefined) throw this.#unavailable();
    return this.#candidates(set, hint);
  }

  #unavailable(): AuthError {
    const { backOff, lastFailure } = this.#fetches;
    const seconds = Math.ceil(backOff.remaining(this.#clock()) / 1000);
    return new AuthError('keys-unavailable', {
      retryAfter: Math.max(1, seconds),
      cause: lastFailure,
    });
  }

  #take({ json, freshness }: DownloadedKeySet): number {
    const { keys, remarks } = readKeySet(json, this.#served.lastKeys);
    this.#log.remarks(remarks);
    if (keys.length === 0) {
      if (this.#served.hasKeys) throw new Error('none of its keys can be used');
      this.#log.noKeys();
    }
    const { maxStaleMs } = this.#bounds;
    this.#served.replace(keys, freshness, { now: this.#clock(), maxStaleMs });
    this.#log.fetched();
    return keys.length;
  }
}

/**
 * The keys that a provider publishes at an address. Nothing is fetched before the first need.
 *
 * A well-formed set without any key that can be used replaces no set that has one: a provider rotates to other keys,
 * never to none, so it is taken for the failure that it mostly is, and one bad answer must not log everybody out
 * (`maxStaleMs` is what ends a set for good). Where there is no set before it, it is taken at its word, for a minute at
 * most: a token is then refused as having no key (401), since the provider did answer.
 */
export function remoteJwks(url: string, bounds: KeySetBounds, runtime: Runtime): KeySource {
  return new RemoteJwks(url, bounds, runtime);
}
