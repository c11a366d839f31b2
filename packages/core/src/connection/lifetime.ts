import type { SetTimeout } from '../runtime.js';
import type { Session } from '../session.js';

/**
 * How long one timer waits at most, in milliseconds. Well below the longest that Node has (2^31 - 1, beyond which it
 * fires at once), and short enough for a clock that was set forward to be noticed: timers do not follow the clock.
 */
const longestWait = 30_000;

/** The runtime of `lifetime`. */
export interface LifetimeRuntime {
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Timers. Default: Node's, unreferenced. */
  readonly setTimeout?: SetTimeout;
}

const unreferenced: SetTimeout = (run, ms) => setTimeout(run, ms).unref();

/** The watch over one session. A class, since a function of its own for each step would cost each connection memory. */
export class Lifetime {
  readonly #expiresAt: number;
  readonly #runtime: Required<LifetimeRuntime>;
  #onEnd: (() => void) | undefined;
  #timer: unknown;

  constructor(expiresAt: number, onEnd: () => void, runtime: Required<LifetimeRuntime>) {
    this.#expiresAt = expiresAt;
    this.#onEnd = onEnd;
    this.#runtime = runtime;
    this.#wait(expiresAt - runtime.now());
  }

  /** Stops the watch. Nothing of `onEnd` is held afterwards. */
  stop(): void {
    this.#onEnd = undefined;
    // A timer of another make than Node's is left alone by this, and then finds nothing to do.
    clearTimeout(this.#timer as NodeJS.Timeout | undefined);
    this.#timer = undefined;
  }

  #wait(left: number): void {
    const ms = Math.max(0, Math.min(Math.ceil(left), longestWait));
    this.#timer = this.#runtime.setTimeout(() => {
      this.#look();
    }, ms);
  }

  #look(): void {
    const onEnd = this.#onEnd;
    if (onEnd === undefined) return;
    const left = this.#expiresAt - this.#runtime.now();
    if (left > 0) {
      this.#wait(left);
      return;
    }
    this.stop();
    onEnd();
  }
}

/**
 * Calls `onEnd` once when a session ends, never before and never at once; a session without an end never does. Gives a
 * function that stops it, after which nothing of `onEnd` is held. A clock that is set back prolongs a session, one that is
 * set forward is noticed within 30 s.
 */
export function lifetime(
  { expiresAt }: Pick<Session, 'expiresAt'>,
  onEnd: () => void,
  { now = Date.now, setTimeout = unreferenced }: LifetimeRuntime = {},
): () => void {
  if (expiresAt === undefined) return () => undefined;
  const watch = new Lifetime(expiresAt, onEnd, { now, setTimeout });
  return () => {
    watch.stop();
  };
}
