import { LRUCache } from 'lru-cache';
import { isPromise, type MaybePromise } from '../maybe-promise.js';
import { detached } from './decode.js';
import type { FoundToken } from './token-location.js';
import type { VerifiedToken } from './verified-token.js';

/** Bounds of the cache. */
export interface VerifiedTokensBounds {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Verified tokens by their text, so that a token is verified once. Failures are never kept. */
export interface VerifiedTokens {
  /** What is kept of the token, whether or not it is still good. */
  find(found: FoundToken): VerifiedToken | undefined;
  /** The token: what is kept of it, which `find` returned, if it is still good; or else by `verify` now. */
  get(
    found: FoundToken,
    kept: VerifiedToken | undefined,
    now: () => number,
    verify: () => MaybePromise<VerifiedToken>,
  ): MaybePromise<VerifiedToken>;
  clear(): void;
}

/** The cache that keeps nothing. */
export const noVerifiedTokens: VerifiedTokens = {
  find: () => undefined,
  get: (_found, _kept, _now, verify) => verify(),
  clear: () => undefined,
};

/**
 * How many characters are the key of a token. The end of its signature is as good as random, and a Map hashes these few
 * in 0.05 µs, the whole token in 1 µs. V8 copies so few; one character more would keep the whole header in memory.
 */
const keyLength = 12;
const keyOf = ({ token }: FoundToken): string => token.slice(-keyLength);

/**
 * What an entry takes beside the token's text and what was read from it, measured (`pnpm bench memory`), and 100 for the
 * token's identity, which revocations may need.
 */
const entryBytes = 500;

interface KeptToken extends FoundToken {
  readonly verified: VerifiedToken;
}

/** A verification that requests wait for. */
interface Pending extends FoundToken {
  readonly verified: Promise<VerifiedToken>;
}

/** Whether what is kept under the key of a token is of this token. */
function isOf<Kept extends FoundToken>(kept: Kept | undefined, found: FoundToken): kept is Kept {
  return kept?.at === found.at && kept.token === found.token;
}

/**
 * A fixed-size filter of recently seen keys: whether one came before. A newer key replaces an older one. A false
 * positive (about 1 in 10,000) merely keeps a token at its first use.
 */
function secondSight(places: number): (key: string) => boolean {
  const seen = new Uint32Array(2 ** Math.ceil(Math.log2(places)));
  return (key) => {
    let print = 0x811c9dc5; // FNV-1a
    for (let at = 0; at < key.length; at++)
      print = Math.imul(print ^ key.charCodeAt(at), 0x01000193) >>> 0;
    const place = print & (seen.length - 1);
    if (seen[place] === print) return true;
    seen[place] = print;
    return false;
  };
}

/**
 * A cache bounded in entries and in bytes: clients send tokens of any size. It removes the token that was not used for
 * the longest time. After its first removal it keeps a token only at its second use, so that tokens that come once
 * replace none that are in use, however many come.
 */
class KeptTokens {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #entries: LRUCache<string, KeptToken>;
  readonly #pending = new Map<string, Pending>();
  #admits: ((key: string) => boolean) | undefined;

  constructor({ maxEntries, maxBytes }: VerifiedTokensBounds) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    // Without `max`, which would take the room for all entries at once.
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ token, verified }) => entryBytes + token.length + verified.bytes,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.#admits ??= secondSight(this.#entries.size + 1);
      },
    });
  }

  find(key: string, found: FoundToken): VerifiedToken | undefined {
    // The order of use matters only when the cache fills; to keep it touches the memory of three other entries.
    const entry = this.#isHalfEmpty() ? this.#entries.peek(key) : this.#entries.get(key);
    return isOf(entry, found) ? entry.verified : undefined;
  }

  #isHalfEmpty(): boolean {
    return (
      this.#entries.size * 2 < this.#maxEntries && this.#entries.calculatedSize * 2 < this.#maxBytes
    );
  }

  keep(key: string, { token, at }: FoundToken, verified: VerifiedToken): void {
    if (verified.problem !== undefined || this.#admits?.(key) === false) return;
    this.#entries.set(key, { token: detached(token), at, verified });
    if (this.#entries.size > this.#maxEntries) this.#entries.pop();
  }

  remove(key: string): void {
    this.#entries.delete(key);
  }

  /** The verification of an equal token that is under way. */
  pending(key: string, found: FoundToken): Promise<VerifiedToken> | undefined {
    const pending = this.#pending.get(key);
    return isOf(pending, found) ? pending.verified : undefined;
  }

  /** Keeps a token once it is verified; until then, or until it is refused, equal tokens wait for it too. */
  keepLater(
    key: string,
    found: FoundToken,
    verifying: Promise<VerifiedToken>,
  ): Promise<VerifiedToken> {
    const forget = (): void => {
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    };
    const verified = verifying.then((token) => {
      this.keep(key, found, token);
      return token;
    });
    const pending = { ...found, verified };
    this.#pending.set(key, pending);
    verified.then(forget, forget);
    return verified;
  }
}

/** A cache of verified tokens. What began before `clear()` is not kept after it. */
export function verifiedTokens(bounds: VerifiedTokensBounds): VerifiedTokens {
  let kept = new KeptTokens(bounds);

  function verifyOnce(
    found: FoundToken,
    verify: () => MaybePromise<VerifiedToken>,
  ): MaybePromise<VerifiedToken> {
    const key = keyOf(found);
    const pending = kept.pending(key, found);
    if (pending !== undefined) return pending;
    const verified = verify();
    if (isPromise(verified)) return kept.keepLater(key, found, verified);
    kept.keep(key, found, verified);
    return verified;
  }

  function goodOrVerified(
    known: VerifiedToken,
    found: FoundToken,
    now: () => number,
    verify: () => MaybePromise<VerifiedToken>,
  ): MaybePromise<VerifiedToken> {
    if (known.isGood(now())) return known;
    kept.remove(keyOf(found));
    return verifyOnce(found, verify);
  }

  // A function of its own, so that a request that waits for nothing makes no closure.
  async function onceRefreshed(
    refreshed: Promise<void>,
    ...known: Parameters<typeof goodOrVerified>
  ): Promise<VerifiedToken> {
    await refreshed;
    return goodOrVerified(...known);
  }

  return {
    find: (found) => kept.find(keyOf(found), found),
    get(found, known, now, verify) {
      if (known === undefined) return verifyOnce(found, verify);
      const refreshed = known.config.keys.refresh?.();
      return refreshed === undefined
        ? goodOrVerified(known, found, now, verify)
        : onceRefreshed(refreshed, known, found, now, verify);
    },
    clear() {
      kept = new KeptTokens(bounds);
    },
  };
}
