import { LRUCache } from 'lru-cache';
import { andThen, type MaybePromise } from '../maybe-promise.js';
import type { FoundToken } from './token-location.js';
import type { VerifiedToken } from './verified-token.js';

/** Bounds of the cache. */
export interface VerifiedTokensBounds {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Verified tokens by their text, so that a token is verified once. Failures are never kept. */
export interface VerifiedTokens {
  /** The token, verified before and still good, or else by `verify` now. */
  get(
    found: readonly FoundToken[],
    now: () => number,
    verify: () => MaybePromise<VerifiedToken>,
  ): MaybePromise<VerifiedToken>;
  clear(): void;
}

/** The cache that keeps nothing. */
export const noVerifiedTokens: VerifiedTokens = {
  get: (_found, _now, verify) => verify(),
  clear: () => undefined,
};

/** The end of the signature is as good as random, and hashing it costs a fraction of hashing the whole token. */
const keyLength = 32;
/** What one entry holds beside the token's text, roughly: the payload, the session, the bookkeeping. */
const overheadBytes = 1200;

interface Entry {
  readonly at: FoundToken['at'];
  readonly verified: VerifiedToken;
}

/** A cache bounded in entries and in bytes: tokens are as large as their senders make them. */
export function verifiedTokens({ maxEntries, maxBytes }: VerifiedTokensBounds): VerifiedTokens {
  const entries = new LRUCache<string, Entry>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: ({ verified }) => overheadBytes + 3 * verified.token.length,
  });

  function keep({ token, at }: FoundToken, verified: VerifiedToken): VerifiedToken {
    entries.set(token.slice(-keyLength), { at, verified });
    return verified;
  }

  return {
    get(found, now, verify) {
      const [first, second] = found;
      // Tokens at two locations must first be told apart, which is not this cache's to do.
      if (first === undefined || second !== undefined) return verify();
      const key = first.token.slice(-keyLength);
      const entry = entries.get(key);
      if (entry?.verified.token !== first.token || entry.at !== first.at)
        return andThen(verify(), (verified) => keep(first, verified));
      return andThen(entry.verified.config.keys.refresh(), () => {
        if (entry.verified.isGood(now())) return entry.verified;
        entries.delete(key);
        return andThen(verify(), (verified) => keep(first, verified));
      });
    },
    clear() {
      entries.clear();
    },
  };
}
