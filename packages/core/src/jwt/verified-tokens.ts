import type { MaybePromise } from '../maybe-promise.js';
import type { PlacedToken } from './token-location.js';
import { TokenRing, type VerifiedTokensBounds } from './token-ring.js';
import type { VerifiedToken } from './verified-token.js';

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

/** One verification for all who ask for a token while it is under way. */
class UnderWay {
  readonly #tokens = new Map<PlacedToken['at'], Map<string, Promise<VerifiedToken>>>();

  find({ at, text }: PlacedToken): Promise<VerifiedToken> | undefined {
    return this.#tokens.size === 0 ? undefined : this.#tokens.get(at)?.get(text);
  }

}

/** A cache bounded in entries and in bytes: tokens are as large as their senders make them. */
export function verifiedTokens(bounds: VerifiedTokensBounds): VerifiedTokens {
}
