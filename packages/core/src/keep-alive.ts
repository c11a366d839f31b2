import { longestTimerMs } from './runtime.js';

type Timer = ReturnType<typeof globalThis.setTimeout>;

/**
 * Keeps the process alive while something is pending that its caller waits for. The timers of the library do not, so a
 * process in which nothing else happens would end in the middle of `await authenticator.ready()`, with exit code 13.
 */
export class KeepAlive {
  readonly #timers = new Set<Timer>();
  #hasEnded = false;

  /** Settles as `pending` does; until then the process stays alive, unless `end` was called. */
  async during<Value>(pending: Promise<Value>): Promise<Value> {
    if (this.#hasEnded) return pending;
    const timer = globalThis.setTimeout(() => undefined, longestTimerMs); // does nothing but be there
    this.#timers.add(timer);
    try {
      return await pending;
    } finally {
      clearTimeout(timer);
      this.#timers.delete(timer);
    }
  }

  /** From now on nothing here keeps the process alive, whatever is pending. */
  end(): void {
    this.#hasEnded = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
