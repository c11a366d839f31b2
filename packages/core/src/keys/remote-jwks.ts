import { AuthError } from '../errors.js';
import { andThen, type MaybePromise } from '../maybe-promise.js';
import type { AcceptedKeySet } from '../observability/contexts.js';
import type { KeySetHealth } from '../observability/health.js';
import { steadyClock, type Runtime } from '../runtime.js';
import { algorithms } from './algorithms.js';
import type { KeyRules } from './jwk.js';
import { readKeySet } from './jwk-set.js';
import { keySetAddress, type DownloadBounds, type DownloadedKeySet } from './jwks-download.js';
import { FetchAllowance, JwksFetcher } from './jwks-fetcher.js';
import { JwksLog } from './jwks-log.js';
import { CachedKeySet, type KeySet, type KeySetLifetime } from './key-set.js';
import {
  describeKey,
  type KeyHint,
  type KeysDescription,
  type KeySource,
  type VerificationKey,
} from './key-source.js';

/** How a key set is fetched and used, each with its default filled in. */
export interface KeySetBounds extends DownloadBounds, KeySetLifetime, Pick<KeyRules, 'match'> {
  /** How long a request waits for a fetch that is under way, in milliseconds. */
  readonly waitMs: number;
}

/** Where a key set is published, and the option that says so. */
export interface NamedKeySet {
  readonly name: string;
  readonly url: string;
}

/** How many keys are tried for one token. */
const mostCandidates = 10;
/** The same for a token without `kid`, if every key has one: then its issuer could have named the key. */
const mostUnnamedCandidates = 3;
/** How long a provider must go on publishing no usable key until those of before end. */
const emptyGraceMs = 300_000;

class RemoteJwks implements KeySource {
  /** Without credentials and query. */
  readonly #name: string;
  readonly #address: string;
  readonly #origin: string;
  readonly #bounds: KeySetBounds & KeyRules;
  readonly #cached: CachedKeySet;
  readonly #log: JwksLog;
  readonly #clock: () => number;
  readonly #fetcher: JwksFetcher;
  readonly #allowance: FetchAllowance;
  /** Since when each published set had no usable key. */
  #emptySince: number | undefined;

  constructor({ name, url }: NamedKeySet, bounds: KeySetBounds & KeyRules, runtime: Runtime) {
    const address = keySetAddress(url);
    this.#address = address.shown;
    this.#name = name;
    this.#origin = address.origin;
    this.#bounds = bounds;
    this.#cached = new CachedKeySet(bounds);
    this.#log = new JwksLog(address.shown, runtime.logger);
    this.#clock = steadyClock(runtime.now);
    this.#allowance = new FetchAllowance(this.#clock());
    this.#fetcher = new JwksFetcher(address, bounds, {
      name,
      runtime,
      clock: this.#clock,
      results: {
        accept: (downloaded, signal) => this.#accept(downloaded, signal),
        failed: (reason) => {
          this.#log.failed(reason, this.#cached.current !== undefined);
        },
      },
    });
  }

  get version(): number {
    return this.#cached.version;
  }

  holds(key: VerificationKey): boolean {
    return this.#cached.holds(key);
  }

  refresh(): Promise<void> | undefined {
    const now = this.#clock();
    return now < this.#cached.refreshAt ? undefined : this.#refreshDue(now);
  }

  find(hint: KeyHint): MaybePromise<readonly VerificationKey[]> {
    const before = this.#cached.current;
    return andThen(this.refresh(), () => {
      const set = this.#cached.current;
      if (set === undefined) return this.#findFirst(hint);
      const keys = this.#candidates(set, hint);
      // A set that came while this request waited is not fetched again at once.
      if (keys.length > 0 || set !== before) return keys;
      const isUnknown = hint.kid !== undefined && !set.names(hint.kid);
      if (isUnknown && canBePublished(hint)) return this.#lookUp(hint);
      this.signatureFailed(hint);
      return keys;
    });
  }

  signatureFailed(hint: KeyHint): void {
    if (this.#cached.current === undefined || this.#fetcher.current !== undefined) return;
    if (!canBePublished(hint) || !this.#allowance.take(this.#clock())) return;
    const { version } = this.#cached;
    void this.#fetcher.join('signature').failure.then((failure) => {
      if (failure === undefined) this.#log.fetchedForSignature(this.#cached.version !== version);
    });
  }

  describe(): KeysDescription {
    const { keys } = this.#cached;
    return { address: this.#address, keys: keys.map(({ key, kid }) => describeKey(key, kid)) };
  }

  /** Fetches at once if there are no keys, whatever the back-off: the app decides how often it is called. */
  async ready(): Promise<void> {
    this.#endIfDue(this.#clock());
    if (this.#cached.hasKeys) return;
    const failure = await this.#fetcher.join('start').failure;
    if (failure !== undefined) throw this.#log.notReady(failure.message);
    if (!this.#cached.hasKeys) throw this.#log.notReady('none of its keys can be used');
  }

  close(): void {
    this.#fetcher.close();
  }

  health(): KeySetHealth {
    const now = this.#clock();
    const { current, lastKeys, fetchedAt, staleAt } = this.#cached;
    const { backOff, lastFailure, lastFailureAt } = this.#fetcher;
    const common = {
      keySet: this.#name,
      origin: this.#origin,
      failures: backOff.failures,
      lastFailure:
        lastFailure === undefined || lastFailureAt === undefined
          ? undefined
          : { at: lastFailureAt, reason: lastFailure.message },
    };
    if (current === undefined || this.#cached.isEnded(now))
      return { ...common, state: 'absent', keys: 0, ageMs: undefined };
    const state = now < staleAt ? 'fresh' : 'stale';
    return { ...common, state, keys: lastKeys.length, ageMs: now - fetchedAt };
  }

  #endIfDue(now: number): boolean {
    const ended = this.#cached.endIfDue(now);
    if (ended) this.#log.ended();
    return ended;
  }

  /** Begins a refresh if one is due; returns what to wait for if the set is stale and no refresh has failed yet. */
  #refreshDue(now: number): Promise<void> | undefined {
    if (this.#endIfDue(now)) return undefined;
    const { backOff } = this.#fetcher;
    if (backOff.remaining(now) === 0) this.#fetcher.join('stale');
    const fetch = this.#fetcher.current;
    if (fetch === undefined || now < this.#cached.staleAt || backOff.failures > 0) return undefined;
    // Counted from the start of the fetch: a hung one delays the requests of its first moments, not all until its end.
    const left = fetch.startedAt + this.#bounds.waitMs - now;
    return left > 0 ? this.#fetcher.outcome(fetch, left).then(() => undefined) : undefined;
  }

  #candidates(set: KeySet, hint: KeyHint): readonly VerificationKey[] {
    const isAny = this.#bounds.match === 'any';
    const keys = isAny ? set.everyCandidate(hint) : set.candidates(hint);
    const isUnnamed = hint.kid === undefined && set.namesAll && !isAny;
    const most = isUnnamed ? mostUnnamedCandidates : mostCandidates;
    if (keys.length <= most) return keys;
    this.#log.tooManyCandidates(keys.length, most);
    return keys.slice(0, most);
  }

  async #findFirst(hint: KeyHint): Promise<readonly VerificationKey[]> {
    const { backOff, current } = this.#fetcher;
    if (current === undefined && backOff.remaining(this.#clock()) > 0) throw this.#unavailable();
    await this.#fetcher.outcome(this.#fetcher.join('start'), this.#bounds.waitMs);
    const set = this.#cached.current;
    if (set === undefined) throw this.#unavailable();
    return this.#candidates(set, hint);
  }

  /** Fetches the set again for a key that it does not have. While the provider is down, the key may exist: 503, not 401. */
  async #lookUp(hint: KeyHint): Promise<readonly VerificationKey[]> {
    const { backOff, current } = this.#fetcher;
    if (current === undefined && !this.#allowance.take(this.#clock())) {
      if (backOff.failures > 0) throw this.#unavailable();
      return [];
    }
    const fetch = this.#fetcher.join('unknown-kid');
    const outcome = await this.#fetcher.outcome(fetch, this.#bounds.waitMs);
    const set = this.#cached.current;
    if (outcome !== 'accepted' || set === undefined) throw this.#unavailable();
    return this.#candidates(set, hint);
  }

  #unavailable(): AuthError {
    const { backOff, lastFailure } = this.#fetcher;
    const seconds = Math.ceil(backOff.remaining(this.#clock()) / 1000);
    return new AuthError('keys-unavailable', {
      retryAfter: Math.max(1, seconds),
      cause: lastFailure,
    });
  }

  async #accept(
    { json, freshness }: DownloadedKeySet,
    signal: AbortSignal,
  ): Promise<AcceptedKeySet> {
    const known = this.#cached.lastKeys;
    const { keys, skipped, remarks } = await readKeySet(json, this.#bounds, { known, signal });
    this.#log.remarks(remarks);
    const now = this.#clock();
    if (keys.length > 0) this.#emptySince = undefined;
    else {
      this.#emptySince ??= now;
      const isWithdrawn = now - this.#emptySince >= emptyGraceMs;
      if (this.#cached.hasKeys && !isWithdrawn) throw new Error('none of its keys can be used');
      this.#log.noKeys();
    }
    this.#cached.replace(keys, freshness, now);
    this.#log.fetched();
    return { keys: keys.length, skipped, freshForMs: this.#cached.staleAt - now };
  }
}

/** Whether a published key could verify the token: symmetric keys in a published set are never used. */
const canBePublished = ({ alg }: KeyHint): boolean => algorithms[alg].family !== 'hmac';

/**
 * The keys that a provider publishes at an address. Nothing is fetched before the first need.
 *
 * A well-formed set without any usable key counts as a failed fetch while there is one that has keys: providers rotate to
 * other keys, and one bad response must not reject every user. If each response for five minutes is such a set, the
 * provider has withdrawn its keys, and they end. If there is no set before it, it counts for a minute at most: a token is
 * then rejected with 401 as having no key, since the provider did respond.
 */
export function remoteJwks(
  keySet: NamedKeySet,
  bounds: KeySetBounds & KeyRules,
  runtime: Runtime,
): Required<KeySource> {
  return new RemoteJwks(keySet, bounds, runtime);
}
