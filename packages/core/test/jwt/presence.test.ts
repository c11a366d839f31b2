import { fingerprint } from '../../src/jwt/fingerprint.js';
import { Presence } from '../../src/jwt/presence.js';

const prints = (count: number, prefix: string): number[] =>
  Array.from({ length: count }, (_, at) => fingerprint(`${prefix}-${String(at)}`));

describe('presence', () => {
  it('of what was added is never denied', () => {
    const presence = new Presence(100);
    for (const print of prints(2000, 'here')) presence.add(print);
    expect(prints(2000, 'here').every((print) => presence.mayHold(print))).toBe(true);
  });

  it('of most others is', () => {
    const presence = new Presence(1000);
    for (const print of prints(1000, 'here')) presence.add(print);
    const mistaken = prints(1000, 'stranger').filter((print) => presence.mayHold(print));
    expect(mistaken.length).toBeLessThan(350);
  });

  it('ends when what was added is taken away', () => {
    const presence = new Presence(1000);
    const [one, other] = [5, 6];
    for (const print of [one, one, other]) presence.add(print);
    presence.remove(one);
    expect([one, other].map((print) => presence.mayHold(print))).toEqual([true, true]);
    presence.remove(one);
    expect([one, other].map((print) => presence.mayHold(print))).toEqual([false, true]);
  });

  it('is not denied either where more came to one place than it can count', () => {
    const presence = new Presence(1);
    for (let time = 0; time < 256; time++) presence.add(7);
    expect(presence.mayHold(7)).toBe(true); // a byte would be at 0 again
    for (let time = 0; time < 255; time++) presence.remove(7);
    expect(presence.mayHold(7)).toBe(true);
  });

  it('takes no more memory than 1 MiB, for however many texts', () => {
    const presence = new Presence(Number.MAX_SAFE_INTEGER);
    presence.add(2 ** 20 + 3);
    expect(presence.mayHold(3)).toBe(true);
  });
});
