import { BackOff, FetchAllowance, waitAtMost } from '../../src/keys/jwks-fetcher.js';
import { steadyClock } from '../../src/runtime.js';

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
])(
  '%d ms of waiting are counted in ten slices, so that a blocked event loop costs one',
  async (ms, slice, last) => {
    const timers = heldTimers();
    let late = false;
    const waiting = waitAtMost(ms, timers.setTimeout, never).then(() => (late = true));
    for (let count = 1; count <= 9; count++) {
      expect(timers.asked).toEqual(Array.from({ length: count }, () => slice));
      timers.runNext();
      await Promise.resolve();
      expect(late).toBe(false);
    }
    expect(timers.asked.at(-1)).toBe(last);
    timers.runNext();
    await waiting;
  },
);

it('waiting ends with the slice in which the other promise settles', async () => {
  const timers = heldTimers();
  void waitAtMost(500, timers.setTimeout, Promise.resolve());
  await Promise.resolve();
  timers.runNext();
  timers.runNext();
  expect(timers.asked).toHaveLength(1);
});

it('waiting ends at once if an injected setTimeout throws in a timer', async () => {
  const timers = heldTimers();
  let calls = 0;
  const waiting = waitAtMost(
    500,
    (run, ms) => {
      calls += 1;
      if (calls > 1) throw new Error('no timer');
      timers.setTimeout(run, ms);
    },
    never,
  );
  timers.runNext();
  expect(await waiting).toBe('late');
});

describe('a steady clock', () => {
  it('follows the clock that it is made of', () => {
    let now = 1000;
    const clock = steadyClock(() => now);
    expect(clock()).toBe(1000);
    now = 1500;
    expect(clock()).toBe(1500);
  });

  it('continues from its last time when that clock steps back, once or again', () => {
    let now = 1000;
    const clock = steadyClock(() => now);
    clock();
    now = 400;
    expect(clock()).toBe(1000);
    now = 450;
    expect(clock()).toBe(1050);
    now = 50;
    expect(clock()).toBe(1050);
    now = 150;
    expect(clock()).toBe(1150);
  });
});

describe('the back-off', () => {
  it('lasts 1, 2, 4 … 60 s, and ends with a success', () => {
    const backOff = new BackOff();
    const waits = Array.from({ length: 8 }, () => {
      backOff.failed(0);
      return backOff.remaining(0) / 1000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(backOff.failures).toBe(8);
    expect(backOff.remaining(59_999)).toBe(1);
    expect(backOff.remaining(90_000)).toBe(0);
    backOff.succeeded();
    expect([backOff.failures, backOff.remaining(0)]).toEqual([0, 0]);
    backOff.failed(0);
    expect(backOff.remaining(0)).toBe(1000);
  });
});

describe('the allowance of fetches for tokens that no key verifies', () => {
  it('allows 3, and one more every 10 s', () => {
    const allowance = new FetchAllowance(0);
    const taken = (now: number): number => {
      let count = 0;
      while (allowance.take(now)) count += 1;
      return count;
    };
    expect(taken(0)).toBe(3);
    expect(taken(9999)).toBe(0);
    expect(taken(10_000)).toBe(1);
    expect(taken(39_999)).toBe(2);
    expect(taken(10_000_000)).toBe(3);
  });

  it('adds up however often it is used in between', () => {
    const allowance = new FetchAllowance(0);
    for (let count = 0; count < 3; count++) allowance.take(0);
    for (let now = 7; now < 10_000; now += 7) expect(allowance.take(now)).toBe(false);
    expect(allowance.take(10_000)).toBe(true);
  });
});
