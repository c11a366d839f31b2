import { patience } from '../../src/keys/jwks-fetcher.js';

interface Timers {
  readonly asked: number[];
  readonly setTimeout: (run: () => void, ms: number) => void;
  /** Runs the timer that was asked for last. */
  runNext(): void;
}

function heldTimers(): Timers {
  const asked: number[] = [];
  let next = (): void => undefined;
  return {
    asked,
    setTimeout: (run, ms) => {
      asked.push(ms);
      next = run;
    },
    runNext: () => {
      next();
    },
  };
}

const never = new Promise<never>(() => undefined);

it.each([
  [500, 50, 50],
  [333, 33, 36],
  [7, 0, 7],
  [0, 0, 0],
  [1e12, 2_147_483_647, 2_147_483_647],
])('%d ms are counted in ten slices, so that a blocked loop costs one', async (ms, slice, last) => {
  const timers = heldTimers();
  let late = false;
  const waiting = patience(ms, timers.setTimeout, never).then(() => (late = true));
  for (let count = 1; count <= 9; count++) {
    expect(timers.asked).toEqual(Array.from({ length: count }, () => slice));
    timers.runNext();
    await Promise.resolve();
    expect(late).toBe(false);
  }
  expect(timers.asked.at(-1)).toBe(last);
  timers.runNext();
  await waiting;
});

it('no further slice begins when what was waited for is over', async () => {
  const timers = heldTimers();
  void patience(500, timers.setTimeout, Promise.resolve());
  await Promise.resolve();
  timers.runNext();
  timers.runNext();
  expect(timers.asked).toHaveLength(1);
});
