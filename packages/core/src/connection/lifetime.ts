import { ConfigError } from '../errors.js';
import { kindOf } from '../option-checks.js';
import { parseRuntime, stopTimer, type Logger, type Runtime, type SetTimeout } from '../runtime.js';
import type { Session } from '../session.js';

/**
 * How long one timer waits at most, in milliseconds. Well below the longest wait that Node supports (2^31 - 1, beyond which
 * it fires at once), and short enough to notice a clock that was set forward: timers do not follow the clock.
 */
const longestWait = 30_000;

/** The clock, the timers and the logger of `lifetime`. */
export interface LifetimeRuntime {
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Timers. Default: Node's, unreferenced. */
  readonly setTimeout?: SetTimeout;
  /** Where a failure of `onEnd` is logged. Default: `process.emitWarning`. */
  readonly logger?: Logger;
}

/** The watch over one session. A class, since a closure for each step would cost memory for each connection. */
export class Lifetime {
  readonly #expiresAt: number;
  readonly #runtime: Pick<Runtime, 'now' | 'setTimeout'>;
  #onEnd: (() => void) | undefined;
  #timer: unknown;

  /** Throws what the clock or the timers throw. `onEnd` must not throw. */
  constructor(expiresAt: number, onEnd: () => void, runtime: Pick<Runtime, 'now' | 'setTimeout'>) {
    this.#expiresAt = expiresAt;
    this.#onEnd = onEnd;
    this.#runtime = runtime;
    this.#wait();
  }

  /** Stops the watch. `onEnd` is not referenced afterwards. */
  stop(): void {
    this.#onEnd = undefined;
    stopTimer(this.#timer);
    this.#timer = undefined;
  }

  /** Waits again, or returns false if the session has ended. */
  #wait(isFirst = true): boolean {
    const left = this.#expiresAt - this.#runtime.now();
    if (left <= 0 && !isFirst) return false;
    const ms = Math.max(0, Math.min(Math.ceil(left), longestWait));
    this.#timer = this.#runtime.setTimeout(() => {
      this.#check();
    }, ms);
    return true;
  }

  #check(): void {
    const onEnd = this.#onEnd;
    if (onEnd === undefined) return;
    try {
      if (this.#wait(false)) return;
    } catch {
      // Without a clock or a timer the end would not be noticed, so the session ends now.
    }
    this.stop();
    onEnd();
  }
}

/** A function of its own, so that what `lifetime` returns does not keep `onEnd`. */
function logged(onEnd: () => unknown, logger: Logger): () => void {
  return () => {
    new Promise((resolve) => {
      resolve(onEnd());
    }).catch(() => {
      logger.error('lifetime: onEnd failed');
    });
  };
}

/**
 * Calls `onEnd` once when a session expires: never before, and never during this call. For a session that does not expire
 * it is never called. Returns a function that stops it; `onEnd` is not referenced afterwards. If the clock is set back, the
 * session ends later; if it is set forward, this is noticed within 30 s. If `onEnd` throws, or its promise rejects, the
 * failure is logged.
 *
 * @throws ConfigError if `expiresAt` is no number: what never ends is undefined.
 * @example
 * const stop = lifetime(sessionOf(req), () => res.end());
 * res.on('close', stop);
 */
export function lifetime(
  { expiresAt }: Pick<Session, 'expiresAt'>,
  onEnd: () => unknown,
  runtime: LifetimeRuntime = {},
): () => void {
  if (expiresAt === undefined) return () => undefined;
  if (typeof expiresAt !== 'number' || Number.isNaN(expiresAt))
    throw new ConfigError(
      'lifetime.expiresAt',
      `expected milliseconds since the epoch, got ${kindOf(expiresAt)}`,
    );
  const { now, setTimeout } = runtime;
  const parsed = parseRuntime({ logger: runtime.logger, runtime: { now, setTimeout } });
  const watch = new Lifetime(expiresAt, logged(onEnd, parsed.logger), parsed);
  return () => {
    watch.stop();
  };
}
