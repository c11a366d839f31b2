import { Doorkeeper } from '../../src/jwt/doorkeeper.js';
import { fingerprint } from '../../src/jwt/fingerprint.js';

const guests = (count: number, prefix = 'guest'): number[] =>
  Array.from({ length: count }, (_, at) => fingerprint(`${prefix}-${String(at)}`));
const knownOf = (keeper: Doorkeeper, of: readonly number[]): number =>
  of.filter((guest) => keeper.knows(guest)).length;

describe('a doorkeeper', () => {
  it('knows a guest from the second time on', () => {
    const keeper = new Doorkeeper(10);
    expect(keeper.knows(1)).toBe(false);
    expect(keeper.knows(1)).toBe(true);
    expect(keeper.knows(1)).toBe(true);
    expect(keeper.knows(2)).toBe(false);
  });

  it('remembers a third or more of as many guests as it was made for', () => {
    const keeper = new Doorkeeper(1000);
    for (const guest of guests(1000)) keeper.knows(guest);
    expect(knownOf(keeper, guests(1000))).toBeGreaterThan(300);
  });

  it('takes a stranger for a guest hardly ever', () => {
    const keeper = new Doorkeeper(1000);
    for (const guest of guests(1000)) keeper.knows(guest);
    expect(knownOf(keeper, guests(1000, 'stranger'))).toBeLessThan(5);
  });

  it('forgets older guests for newer ones: its memory does not grow', () => {
    const keeper = new Doorkeeper(10);
    for (const guest of guests(1000)) keeper.knows(guest);
    expect(knownOf(keeper, guests(990))).toBeLessThan(50);
  });
});
