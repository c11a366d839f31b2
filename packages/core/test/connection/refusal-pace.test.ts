import { RefusalPace } from '../../src/connection/refusal-throttle.js';
import { virtualClock } from '@hasura-auth/testkit';

test('the same token is held back longer each time, to a bound; another one is not', () => {
  const pace = new RefusalPace(virtualClock().now);
  const holds = Array.from({ length: 7 }, () => pace.next('one'));
  expect(holds).toEqual([0, 1000, 2000, 4000, 8000, 8000, 8000]);
  expect(pace.next('another')).toBe(0);
});

test('a minute after the last refusal it begins anew', () => {
  const clock = virtualClock();
  const pace = new RefusalPace(clock.now);
  pace.next('one');
  clock.advance(60_000);
  expect(pace.next('one')).toBe(1000);
  clock.advance(60_001);
  expect(pace.next('one')).toBe(0);
});

test('a thousand tokens are remembered, and the longest unseen goes first', () => {
  const pace = new RefusalPace(virtualClock().now);
  for (let index = 0; index < 1000; index++) pace.next(String(index));
  expect(pace.next('0')).toBe(1000);
  pace.next('one more'); // in place of 1, since 0 has been seen again
  expect(pace.next('0')).toBe(2000);
  expect(pace.next('1')).toBe(0);
});
