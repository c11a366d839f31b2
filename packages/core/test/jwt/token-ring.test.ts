import { createSecretKey } from 'node:crypto';
import type { LocationConfigs } from '../../src/jwt/jwt-config.js';
import { TokenRing } from '../../src/jwt/token-ring.js';
import { VerifiedToken } from '../../src/jwt/verified-token.js';
import { gatherVariables } from '../../src/session-variables.js';
import { jwtConfig } from '../parsed-jwt.js';

const config = jwtConfig();
const here: LocationConfigs = { location: { kind: 'authorization' }, configs: [config] };
const there: LocationConfigs = { location: { kind: 'cookie', name: 'a' }, configs: [config] };

/** What a token's text, its payload and its one session take: 400 + its length, 72, 250. */
const bytesOf = (text: string): number => 400 + text.length + 72 + 250;

const verified = (payload: Record<string, unknown> = {}): VerifiedToken =>
  new VerifiedToken({
    payload,
    config,
    key: { family: 'hmac', key: createSecretKey(Buffer.alloc(32)), secretBytes: 32 },
    keyVersion: 0,
    lifetime: { validFrom: -Infinity, expiresAt: Infinity },
    claims: { allowedRoles: ['user'], defaultRole: 'user', variables: gatherVariables([]) },
  });

const text = (name: string, length = 40): string => name.padStart(length, '-');
const placed = (name: string, at = here) => ({ text: text(name), at });
const has = (ring: TokenRing, name: string): boolean => ring.find(placed(name)) !== undefined;
const keep = (ring: TokenRing, ...names: readonly string[]): void => {
  for (const name of names) ring.keep(placed(name), verified());
};
const ringOf = (maxEntries: number, maxBytes = 1e9): TokenRing =>
  new TokenRing({ maxEntries, maxBytes });

describe('a token', () => {
  it('is found by its text and its place', () => {
    const ring = ringOf(10);
    const a = verified();
    expect(ring.find(placed('a'))).toBeUndefined();
    ring.keep(placed('a'), a);
    expect(ring.find(placed('a'))).toBe(a);
    expect(ring.find(placed('a', there))).toBeUndefined();
    expect(ring.find(placed('b'))).toBeUndefined();
  });

  it('is told from one that ends alike', () => {
    const ring = ringOf(10);
    const [one, other] = [`1${text('a')}`, `2${text('a')}`];
    ring.keep({ text: one, at: here }, verified());
    expect(ring.find({ text: other, at: here })).toBeUndefined();
    ring.keep({ text: other, at: here }, verified());
    expect(ring.find({ text: other, at: here })).toBeDefined();
    expect(ring.find({ text: one, at: here })).toBeUndefined(); // there is one place for both
    expect(ring.bytes).toBe(bytesOf(one));
  });

  it('that comes again takes its own place', () => {
    const ring = ringOf(2);
    const again = verified();
    keep(ring, 'a', 'a', 'a');
    ring.keep(placed('a'), again);
    expect(ring.find(placed('a'))).toBe(again);
    expect(ring.bytes).toBe(bytesOf(text('a')));
    keep(ring, 'b');
    expect([has(ring, 'a'), has(ring, 'b')]).toEqual([true, true]);
  });

  it('that was removed is gone, with what it took', () => {
    const ring = ringOf(10);
    keep(ring, 'a', 'b');
    expect(ring.bytes).toBe(2 * bytesOf(text('a')));
    ring.remove(placed('a'));
    ring.remove(placed('c'));
    ring.remove(placed('b', there));
    expect([has(ring, 'a'), has(ring, 'b')]).toEqual([false, true]);
    expect(ring.bytes).toBe(bytesOf(text('a')));
    keep(ring, 'c');
    expect(has(ring, 'c')).toBe(true);
  });
});

describe('while there is room', () => {
  it('every token is kept at first sight', () => {
    const ring = ringOf(3);
    keep(ring, 'a', 'b', 'c');
    expect(['a', 'b', 'c'].map((name) => has(ring, name))).toEqual([true, true, true]);
  });

  it('room for four times the text is looked for, as payload and session take theirs', () => {
    const four = 4 * (400 + 40);
    const enough = ringOf(10, four);
    keep(enough, 'a');
    expect(has(enough, 'a')).toBe(true);
    const short = ringOf(10, four - 1);
    keep(short, 'a');
    expect(has(short, 'a')).toBe(false);
    keep(short, 'a'); // at second sight
    expect(has(short, 'a')).toBe(true);
  });

  it('a token with a great payload is not', () => {
    const ring = ringOf(10, 4 * (400 + 40));
    ring.keep(placed('a'), verified({ much: 'x'.repeat(2000) }));
    ring.keep(placed('a'), verified({ much: 'x'.repeat(2000) }));
    expect(has(ring, 'a')).toBe(false);
    expect(ring.bytes).toBe(0);
  });
});

describe('a full ring', () => {
  it('keeps a newcomer at second sight', () => {
    const ring = ringOf(2);
    keep(ring, 'a', 'b', 'c');
    expect(['a', 'b', 'c'].map((name) => has(ring, name))).toEqual([true, true, false]);
    keep(ring, 'c');
    expect(has(ring, 'c')).toBe(true);
  });

  it('is not emptied by tokens that come once, however many', () => {
    const ring = ringOf(3);
    keep(ring, 'a', 'b', 'c');
    keep(ring, ...Array.from({ length: 1000 }, (_, at) => `once-${String(at)}`));
    expect(['a', 'b', 'c'].map((name) => has(ring, name))).toEqual([true, true, true]);
  });

  it('lets go of what was not used since the hand came by', () => {
    const ring = ringOf(3);
    keep(ring, 'a', 'b', 'c');
    has(ring, 'a');
    has(ring, 'c');
    keep(ring, 'd', 'd');
    expect(['a', 'b', 'c', 'd'].map((name) => has(ring, name))).toEqual([true, false, true, true]);
  });

  it('gives what was used one more round', () => {
    const ring = ringOf(2);
    keep(ring, 'a', 'b');
    has(ring, 'a');
    has(ring, 'b');
    keep(ring, 'c', 'c'); // the hand goes round once: nobody was idle; then the first goes
    expect(ring.bytes).toBe(2 * bytesOf(text('a')));
    expect(['a', 'b', 'c'].filter((name) => has(ring, name))).toEqual(['b', 'c']);
  });

  it('walks on from where it stood', () => {
    const ring = ringOf(3);
    keep(ring, 'a', 'b', 'c', 'd', 'd', 'e', 'e');
    expect(['a', 'b', 'c', 'd', 'e'].filter((name) => has(ring, name))).toEqual(['c', 'd', 'e']);
  });

  it('walks past at most 32 tokens for one newcomer', () => {
    const ring = ringOf(40);
    const names = Array.from({ length: 40 }, (_, at) => `t${String(at)}`);
    keep(ring, ...names);
    for (const name of names) has(ring, name);
    keep(ring, 'new', 'new');
    expect(has(ring, 'new')).toBe(false);
    expect(ring.bytes).toBe(40 * bytesOf(text('a')));
    keep(ring, 'new'); // 8 steps to the end, and the first 32 are idle by now
    expect(has(ring, 'new')).toBe(true);
    expect(names.filter((name) => has(ring, name))).toEqual(names.slice(1));
  });

  it('makes room for a great token by letting several go', () => {
    const ring = ringOf(100, 10 * bytesOf(text('a')));
    const names = Array.from({ length: 10 }, (_, at) => `t${String(at)}`);
    for (const name of names) keep(ring, name, name);
    expect(ring.bytes).toBe(10 * bytesOf(text('a')));
    const great = verified({ much: 'x'.repeat(1000) });
    ring.keep(placed('great'), great);
    ring.keep(placed('great'), great);
    expect(ring.find(placed('great'))).toBe(great);
    expect(ring.bytes).toBeLessThanOrEqual(10 * bytesOf(text('a')));
    expect(names.filter((name) => has(ring, name))).toEqual(['t4', 't5', 't6', 't7', 't8', 't9']);
  });

  it('keeps nothing where nothing can be kept', () => {
    const ring = ringOf(100, 10);
    keep(ring, 'a', 'a', 'a');
    expect(has(ring, 'a')).toBe(false);
    expect(ring.bytes).toBe(0);
  });
});

it('stays within its bounds whatever comes', () => {
  const maxBytes = 20 * bytesOf(text('a'));
  const ring = ringOf(15, maxBytes);
  for (let step = 0; step < 2000; step++) {
    const name = `t${String((step * 7919) % 31)}`;
    if (step % 5 === 0) ring.remove(placed(name));
    else ring.keep(placed(name), verified({ much: 'x'.repeat((step * 31) % 400) }));
    expect(ring.bytes).toBeLessThanOrEqual(maxBytes);
  }
  const names = Array.from({ length: 31 }, (_, at) => `t${String(at)}`);
  expect(names.filter((name) => has(ring, name)).length).toBeLessThanOrEqual(15);
  for (const name of names) ring.remove(placed(name));
  expect(ring.bytes).toBe(0);
});
