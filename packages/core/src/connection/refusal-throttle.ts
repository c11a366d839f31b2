/** How long a refusal of the same token is held back, by how many came before it, in milliseconds. */
const holds = [0, 1000, 2000, 4000, 8000] as const;
const longestHold = 8000;
/** A token that was last refused so long ago is told at once again, in milliseconds. */
const forgetAfter = 60_000;
/** How many tokens are remembered; the longest unseen goes first. */
const maxTokens = 1000;

interface Refusals {
  readonly count: number;
  readonly at: number;
}

/**
 * How long to wait before a refusal is told. A client that comes back with the token that has just been refused would do
 * so as fast as it can where it does not wait by itself; one that brings a fresh token never waits here.
 */
export class RefusalPace {
  readonly #now: () => number;
  readonly #refused = new Map<string, Refusals>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a refusal of a token, known by its digest, and says how long to hold it back, in milliseconds. */
  next(tokenDigest: string): number {
    const now = this.#now();
    const before = this.#refused.get(tokenDigest);
    const count = before === undefined || now - before.at > forgetAfter ? 0 : before.count;
    this.#refused.delete(tokenDigest); // so that it becomes the newest
    this.#refused.set(tokenDigest, { count: count + 1, at: now });
    if (this.#refused.size > maxTokens)
      for (const longestUnseen of this.#refused.keys()) {
        this.#refused.delete(longestUnseen);
        break;
      }
    return holds[count] ?? longestHold;
  }
}
