import { lifetime } from '../../src/connection/lifetime.js';
import { virtualClock } from '@hasura-auth/testkit';

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

test('a session ends at its end, once, and not before', () => {
  const { clock, ends } = watch(2000);
  clock.advance(1999);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([0]);
  clock.advance(day);
  expect(ends).toEqual([0]);
});

test('a fraction of a millisecond is not cut off', () => {
  const { clock, ends } = watch(1.5);
  clock.advance(1);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([0.5]);
});

test('an end beyond the longest timer is waited for', () => {
  const { clock, ends } = watch(40 * day);
  clock.advance(40 * day - 1);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([0]);
});

test('a session that is over already ends, and not at once', () => {
  const { clock, ends } = watch(-5);
  expect(ends).toEqual([]);
  clock.advance(0);
  expect(ends).toEqual([5]);
});

test('a clock that is set forward is noticed within 30 s, one that is set back prolongs', () => {
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

test('once stopped, nothing happens, whatever timers are left', () => {
  const { clock, ends, stop } = watch(2000);
  stop();
  stop();
  clock.advance(day);
  expect(ends).toEqual([]);
});

test('without an end there is no timer', () => {
  const clock = virtualClock();
  const stop = lifetime({}, () => undefined, {
    now: clock.now,
    setTimeout: () => {
      throw new Error('a timer was set');
    },
  });
  expect(stop()).toBeUndefined();
});

test('by default it is the real clock, and Node’s timers, which do not keep the process', async () => {
  await new Promise<void>((resolve) => {
    lifetime({ expiresAt: Date.now() + 5 }, resolve);
    setTimeout(() => undefined, 1000); // this one does, until the test ends
  });
  lifetime({ expiresAt: Date.now() + 60_000 }, () => undefined)();
});
