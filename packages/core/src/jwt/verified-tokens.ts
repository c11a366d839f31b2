import { isPromise, type MaybePromise } from '../maybe-promise.js';
import type { PlacedToken } from './token-location.js';
import { TokenRing, type VerifiedTokensBounds } from './token-ring.js';
import { UnderWay } from './under-way.js';
import type { VerifiedToken } from './verified-token.js';

export type { VerifiedTokensBounds } from './token-ring.js';

/** Verified tokens by their text, so that a token is verified once. Failures are never kept. */
export interface VerifiedTokens {
  /** The token, verified before and still good, or else by `verify` now. */
  get(
    placed: readonly PlacedToken[],
    now: () => number,
    verify: () => MaybePromise<VerifiedToken>,
  ): MaybePromise<VerifiedToken>;
  clear(): void;
}

/** The cache that keeps nothing. */
export const noVerifiedTokens: VerifiedTokens = {
  get: (_placed, _now, verify) => verify(),
  clear: () => undefined,
};

/** A cache bounded in entries and in bytes: tokens are as large as their senders make them. */
export function verifiedTokens(bounds: VerifiedTokensBounds): VerifiedTokens {
  let ring = new TokenRing(bounds);
  let underWay = new UnderWay();

  async function keptLater(
    placed: PlacedToken,
    verified: Promise<VerifiedToken>,
  ): Promise<VerifiedToken> {
    const started = ring; // what began before `clear()` is not kept after it
    const token = await verified;
    started.keep(placed, token);
    return token;
  }

  function verifyOnce(
    placed: PlacedToken,
    verify: () => MaybePromise<VerifiedToken>,
  ): MaybePromise<VerifiedToken> {
    const joined = underWay.find(placed);
    if (joined !== undefined) return joined;
    const verified = verify();
    if (isPromise(verified)) return underWay.add(placed, keptLater(placed, verified));
    ring.keep(placed, verified);
    return verified;
  }

  function goodOrVerified(
    known: VerifiedToken,
    placed: PlacedToken,
    now: () => number,
    verify: () => MaybePromise<VerifiedToken>,
  ): MaybePromise<VerifiedToken> {
    if (known.isGood(now())) return known;
    ring.remove(placed);
    return verifyOnce(placed, verify);
  }

  return {
    get(placed, now, verify) {
      const only = placed[0];
      // Tokens at two locations must first be told apart, which is not this cache's to do.
      if (only === undefined || placed.length > 1) return verify();
      const known = ring.find(only);
      if (known === undefined) return verifyOnce(only, verify);
      const refreshed = known.config.keys.refresh();
      return refreshed === undefined
        ? goodOrVerified(known, only, now, verify)
        : refreshed.then(() => goodOrVerified(known, only, now, verify));
    },
    clear() {
      ring = new TokenRing(bounds);
      underWay = new UnderWay();
    },
  };
}
