import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { lifetime } from '../../src/connection/lifetime.js';
import { virtualClock } from '@hasura-auth/testkit';
import { mistake, thrown } from '../thrown.js';

const day = 86_400_000;

function watch(endsAfter: number): {
  clock: ReturnType<typeof virtualClock>;
  ends: number[];
  stop: () => void;
} {
  const clock = virtualClock();
  const ends: number[] = [];
  const expiresAt = clock.now() + endsAfter;
  const stop = lifetime({ expiresAt }, () => ends.push(clock.now() - expiresAt), clock);
  return { clock, ends, stop };
}

it('onEnd is called once when the session expires, and not before', () => {
  const { clock, ends } = watch(2000);
  clock.advance(1999);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([0]);
  clock.advance(day);
  expect(ends).toEqual([0]);
});

it('a fraction of a millisecond is waited for', () => {
  const { clock, ends } = watch(1.5);
  clock.advance(1);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([0.5]);
});

it('an end beyond the longest timer of Node is waited for', () => {
  const { clock, ends } = watch(40 * day);
  clock.advance(40 * day - 1);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([0]);
});

it('onEnd is called in a later tick for a session that has expired already', () => {
  const { clock, ends } = watch(-5);
  expect(ends).toEqual([]);
  clock.advance(0);
  expect(ends).toEqual([5]);
});

it('a clock that is set forward is noticed within 30 s, and one that is set back makes the session longer', () => {
  const forward = watch(day);
  forward.clock.set(forward.clock.now() + day);
  forward.clock.advance(30_000);
  expect(forward.ends).toHaveLength(1);

  const back = watch(2000);
  back.clock.set(back.clock.now() - 10_000);
  back.clock.advance(11_999);
  expect(back.ends).toEqual([]);
  back.clock.advance(1);
  expect(back.ends).toEqual([0]);
});

it('onEnd is not called once the watch is stopped, whatever timers are left', () => {
  const { clock, ends, stop } = watch(2000);
  stop();
  stop();
  clock.advance(day);
  expect(ends).toEqual([]);
});

it('no timer is set for a session that does not expire', () => {
  const clock = virtualClock();
  const stop = lifetime({}, () => undefined, {
    now: clock.now,
    setTimeout: () => {
      throw new Error('a timer was set');
    },
  });
  expect(stop()).toBeUndefined();
});

it('the default is the real clock and timers of Node that do not keep the process alive', async () => {
  await new Promise<void>((resolve) => {
    lifetime({ expiresAt: Date.now() + 5 }, resolve);
    setTimeout(() => undefined, 1000); // this one does, until the test ends
  });
  lifetime({ expiresAt: Date.now() + 60_000 }, () => undefined)();
});

it('a session ends when the clock or the timers fail while it is watched', () => {
  const broken = (): never => {
    throw new Error('broken');
  };
  for (const member of ['now', 'setTimeout'] as const) {
    const clock = virtualClock();
    const runtime: { now: () => number; setTimeout: typeof clock.setTimeout } = { ...clock };
    let ends = 0;
    lifetime({ expiresAt: clock.now() + day }, () => ends++, {
      now: () => runtime.now(),
      setTimeout: (run, ms) => runtime.setTimeout(run, ms),
    });
    runtime[member] = broken;
    clock.advance(30_000);
    expect(ends).toBe(1);
    expect(thrown(() => lifetime({ expiresAt: 1 }, () => undefined, runtime))).toEqual(
      new Error('broken'),
    );
  }
});

it('a clock that returns no finite number ends the session instead of keeping it forever', () => {
  const clock = virtualClock();
  let now = clock.now;
  let ends = 0;
  const runtime = { now: () => now(), setTimeout: clock.setTimeout };
  lifetime({ expiresAt: clock.now() + day }, () => ends++, runtime);
  now = () => NaN;
  clock.advance(30_000);
  expect(ends).toBe(1);
});

it.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('no response');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no response'))],
])('a failure is logged if onEnd %s', async (_how, onEnd) => {
  const clock = virtualClock();
  const log: string[] = [];
  const logger = { warn: () => undefined, error: (message: string) => void log.push(message) };
  const { now, setTimeout } = clock;
  lifetime({ expiresAt: clock.now() }, onEnd, { now, setTimeout, logger });
  clock.advance(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual(['lifetime: onEnd failed']);
});

it('a clearTimeout that throws, as a replaced one may, stops nothing else', () => {
  const { clearTimeout } = globalThis;
  const { clock, ends, stop } = watch(2000);
  globalThis.clearTimeout = () => {
    throw new TypeError('not a timer of mine');
  };
  try {
    stop();
  } finally {
    globalThis.clearTimeout = clearTimeout;
  }
  clock.advance(day);
  expect(ends).toEqual([]);
});

it('onEnd is not referenced once the watch is stopped, although the function that stops it is kept', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const watched = (): { stop: () => void; onEnd: WeakRef<object> } => {
    const onEnd = (): void => undefined;
    return {
      stop: lifetime({ expiresAt: Date.now() + day }, onEnd),
      onEnd: new WeakRef(onEnd),
    };
  };
  const { stop, onEnd } = watched();
  stop();
  for (let round = 0; onEnd.deref() !== undefined && round < 50; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  expect(onEnd.deref()).toBeUndefined();
  stop();
});

it.each([NaN, '5', null, new Date()])(
  'a session that expires at %p is a ConfigError',
  (expiresAt) => {
    const session = { expiresAt: expiresAt as number };
    expect(mistake(() => lifetime(session, () => undefined)).option).toBe('lifetime.expiresAt');
  },
);
