const firstMs = 1000;
const longestMs = 60_000;

/** When to try again after failures in a row: after 1, 2, 4 … 60 s. */
export class BackOff {
  #failures = 0;
  #retryAt = -Infinity;

  /** How many attempts have failed since the last one that succeeded. */
  get failures(): number {
    return this.#failures;
  }

  /** How long it is until the next attempt is due, in ms; 0 where it is due now. */
  remaining(now: number): number {
    return Math.max(0, this.#retryAt - now);
  }

  failed(now: number): void {
    this.#retryAt = now + Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#retryAt = -Infinity;
  }
}
