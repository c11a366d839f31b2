import { Doorkeeper } from '../../src/jwt/doorkeeper.js';

const guests = (count: number, prefix = 'guest'): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}-${String(at)}`);

describe('a doorkeeper', () => {
  it('knows a guest from the second time on', () => {
    const keeper = new Doorkeeper(10);
    expect(keeper.knows('a')).toBe(false);
    expect(keeper.knows('a')).toBe(true);
    expect(keeper.knows('a')).toBe(true);
    expect(keeper.knows('b')).toBe(false);
  });

  it('tells guests apart by every character', () => {
    const keeper = new Doorkeeper(1000);
    keeper.knows('abcdef');
    for (const other of ['bbcdef', 'abcdeg', 'fedcba', 'abcde', 'abcdefa', 'ab']) {
      expect(keeper.knows(other)).toBe(false);
    }
  });

  it('remembers most of as many guests as it was made for', () => {
    const keeper = new Doorkeeper(1000);
    for (const guest of guests(1000)) keeper.knows(guest);
    const known = guests(1000).filter((guest) => keeper.knows(guest)).length;
    expect(known).toBeGreaterThan(700);
  });

  it('takes a stranger for a guest hardly ever', () => {
    const keeper = new Doorkeeper(1000);
    for (const guest of guests(1000)) keeper.knows(guest);
    const mistaken = guests(1000, 'stranger').filter((guest) => keeper.knows(guest)).length;
    expect(mistaken).toBeLessThan(5);
  });

  it('forgets older guests for newer ones: its memory does not grow', () => {
    const keeper = new Doorkeeper(1);
    for (const guest of guests(1000)) keeper.knows(guest);
    const known = guests(990).filter((guest) => keeper.knows(guest)).length;
    expect(known).toBeLessThan(10);
  });
});
