import type { SetTimeout } from './config/options.js';

/** Something was not done in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(ms: number) {
    super(`not done within ${String(ms)} ms`);
  }
}

/** The longest that Node's timers wait, in milliseconds; beyond it they would fire at once. */
const longestMs = 2_147_483_647;

/**
 * Runs something that must be done within `ms` milliseconds: rejects with a DeadlineError and aborts the signal when the
 * time is up, whether or not what runs listens to it.
 */
export function withDeadline<T>(
  ms: number,
  setTimeout: SetTimeout,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => {
        const late = new DeadlineError(ms);
        reject(late);
        controller.abort(late);
      },
      Math.min(ms, longestMs),
    );
    const stop = (): void => {
      clearTimeout(timer as NodeJS.Timeout); // clears Node's own timers, and leaves those of others alone
    };
    // Without `finally`, which takes three promises more: webhook mode comes by here on each request.
    run(controller.signal).then(
      (value) => {
        stop();
        resolve(value);
      },
      (error: Error) => {
        stop();
        reject(error);
      },
    );
  });
}
