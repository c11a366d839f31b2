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
