import { RefusalThrottle } from '../../src/connection/refusal-throttle.js';
import { virtualClock } from '@hasura-auth/testkit';

it('a token that is refused again is delayed longer each time, up to 8 s; another one is not', () => {
  const throttle = new RefusalThrottle(virtualClock());
  const delays = Array.from({ length: 7 }, () => throttle.count(['one']));
  expect(delays).toEqual([0, 1000, 2000, 4000, 8000, 8000, 8000]);
  expect(throttle.count(['another'])).toBe(0);
  expect(throttle.count(['another', 'one'])).toBe(8000);
  expect(throttle.count([])).toBe(0);
});

it('a minute after its last refusal a token is not delayed', () => {
  const clock = virtualClock();
  const throttle = new RefusalThrottle(clock);
  throttle.count(['one']);
  clock.advance(60_000);
  expect(throttle.count(['one'])).toBe(1000);
  clock.advance(60_001);
  expect(throttle.count(['one'])).toBe(0);
});

it('a thousand tokens are remembered, and the one refused the longest time ago is forgotten first', () => {
  const throttle = new RefusalThrottle(virtualClock());
  for (let index = 0; index < 1000; index++) throttle.count([String(index)]);
  expect(throttle.count(['0'])).toBe(1000);
  throttle.count(['one more']); // in place of 1, since 0 was refused again
  expect(throttle.count(['0'])).toBe(2000);
  expect(throttle.count(['1'])).toBe(0);
});

it('a delay ends after its time, or when it is stopped', async () => {
  const clock = virtualClock();
  const throttle = new RefusalThrottle(clock);
  const ended: string[] = [];
  const [whole, stopped] = [throttle.delay(1000), throttle.delay(1000)];
  const both = [
    whole?.over.then(() => ended.push('whole')),
    stopped?.over.then(() => ended.push('stopped')),
  ];
  stopped?.stop();
  await both[1];
  expect(ended).toEqual(['stopped']);
  clock.advance(1000);
  await both[0];
  expect(ended).toEqual(['stopped', 'whole']);
  expect(throttle.delay(0)).toBeUndefined();
});

it('a thousand refusals are delayed at the same time, and the others are answered at once', async () => {
  const throttle = new RefusalThrottle(virtualClock());
  const delays = Array.from({ length: 1000 }, () => throttle.delay(1000));
  expect(delays).not.toContain(undefined);
  expect(throttle.delay(1000)).toBeUndefined();
  delays[0]?.stop();
  await delays[0]?.over;
  expect(throttle.delay(1000)).toBeDefined();
});

it('a clock that throws makes a repeated refusal wait, and timers that throw let it be answered at once', () => {
  const broken = (): never => {
    throw new Error('broken');
  };
  const throttle = new RefusalThrottle({ now: broken, setTimeout: broken });
  expect([throttle.count(['one']), throttle.count(['one'])]).toEqual([0, 1000]);
  expect(throttle.delay(1000)).toBeUndefined();
});
