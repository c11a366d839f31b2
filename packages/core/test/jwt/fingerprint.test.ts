import { fingerprint, keyLength } from '../../src/jwt/fingerprint.js';

describe('a fingerprint', () => {
  it('is a number of 32 bits', () => {
    for (const text of ['', 'a', 'abc', 'x'.repeat(5000)]) {
      const print = fingerprint(text);
      expect([Number.isInteger(print), print >= 0, print < 2 ** 32]).toEqual([true, true, true]);
    }
  });

  it('is of the end alone', () => {
    const end = 'b'.repeat(keyLength);
    expect(fingerprint(`a${end}`)).toBe(fingerprint(end));
    expect(fingerprint(`${'a'.repeat(700)}${end}`)).toBe(fingerprint(end));
    expect(fingerprint(`${end}a`)).not.toBe(fingerprint(end));
  });

  it('tells texts apart by every character of it', () => {
    const end = 'abcdefghijkl';
    expect(end).toHaveLength(keyLength);
    const others = Array.from(end, (_, at) => `${end.slice(0, at)}-${end.slice(at + 1)}`);
    const prints = [end, 'lkjihgfedcba', 'abcdefghijk', ...others].map(fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('spreads over its lower bits, of which tables are made', () => {
    const lower = Array.from({ length: 1000 }, (_, at) => fingerprint(`user-${String(at)}`) & 1023);
    expect(new Set(lower).size).toBeGreaterThan(550);
  });
});
