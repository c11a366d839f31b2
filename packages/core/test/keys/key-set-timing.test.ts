import { BackOff } from '../../src/keys/jwks-fetcher.js';
import { LookupAllowance } from '../../src/keys/jwks-fetcher.js';
import { steadyClock } from '../../src/runtime.js';

describe('a steady clock', () => {
  it('goes with the clock that it is made of', () => {
    let now = 1000;
    const clock = steadyClock(() => now);
    expect(clock()).toBe(1000);
    now = 1500;
    expect(clock()).toBe(1500);
  });

  it('goes on from where it was when that clock steps back, once or again', () => {
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
  it('is 1, 2, 4 … 60 s, and none after a success', () => {
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

describe('the allowance for unknown keys', () => {
  it('is 3, and one more every 10 s', () => {
    const allowance = new LookupAllowance(0);
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

  it('adds up however often it is asked in between', () => {
    const allowance = new LookupAllowance(0);
    for (let count = 0; count < 3; count++) allowance.take(0);
    for (let now = 7; now < 10_000; now += 7) expect(allowance.take(now)).toBe(false);
    expect(allowance.take(10_000)).toBe(true);
  });
});
