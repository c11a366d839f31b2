/** How many are run in one turn of the event loop. */
const batchSize = 50;

/**
 * Runs what it is given soon, in order, a few in each turn of the event loop: when ten thousand connections end at one
 * moment, requests are still answered in between. What throws is told to `failed`, and the rest runs.
 */
export function inBatches(failed: (error: unknown) => void): (run: () => void) => void {
  const waiting: (() => void)[] = [];
  const turn = (): void => {
    const now = waiting.splice(0, batchSize);
    if (waiting.length > 0) setImmediate(turn);
    for (const run of now)
      try {
        run();
      } catch (error) {
        failed(error);
      }
  };
  return (run) => {
    if (waiting.push(run) === 1) setImmediate(turn);
  };
}
