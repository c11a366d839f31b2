import type { SetTimeout } from '../config/options.js';

const slices = 10;
/** The longest that Node's timers wait; beyond it they fire at once. */
const longestMs = 2_147_483_647;

/**
 * Resolves after so many milliseconds, as long as `over` is not. They are counted in slices, one after another: where
 * the event loop was blocked for a while, as by a burst of requests at start, every timer is due before the answer that
 * lies in the socket is read. That time costs one slice, and the answer still has the others to be noticed in.
 */
export function patience(
  ms: number,
  setTimeout: SetTimeout,
  over: Promise<unknown>,
): Promise<'late'> {
  const slice = Math.min(Math.floor(ms / slices), longestMs);
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  return new Promise((resolve) => {
    const wait = (left: number): void => {
      setTimeout(
        () => {
          if (left === 1) resolve('late');
          else if (!isOver) wait(left - 1);
        },
        left === 1 ? Math.min(ms - slice * (slices - 1), longestMs) : slice,
      );
    };
    wait(slices);
  });
}
