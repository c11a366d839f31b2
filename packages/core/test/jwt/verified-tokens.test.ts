import { createSecretKey } from 'node:crypto';
import type { PlacedToken } from '../../src/jwt/token-location.js';
import type { LocationConfigs } from '../../src/jwt/jwt-config.js';
import { VerifiedToken } from '../../src/jwt/verified-token.js';
import { noVerifiedTokens, verifiedTokens } from '../../src/jwt/verified-tokens.js';
import type { VerificationKey } from '../../src/keys/key-source.js';
import { gatherVariables } from '../../src/session-variables.js';
import { jwtConfig } from '../parsed-jwt.js';

const key: VerificationKey = {
  family: 'hmac',
  key: createSecretKey(Buffer.alloc(32)),
  secretBytes: 32,
};
const config = jwtConfig();
const here: LocationConfigs = { location: { kind: 'authorization' }, configs: [config] };
const there: LocationConfigs = { location: { kind: 'header', name: 'x-token' }, configs: [config] };

const text = (name: string, length = 100): string => name.padStart(length, '-');
const found = (token: string, at = here): PlacedToken => ({ text: token, at });

/** A verified token that says which it is. */
function token(name: string, { expiresAt = Infinity, of = config } = {}): VerifiedToken {
  return new VerifiedToken({
    payload: { name },
    config: of,
    key,
    keyVersion: 0,
    lifetime: { validFrom: -Infinity, expiresAt },
    claims: { allowedRoles: ['user'], defaultRole: 'user', variables: gatherVariables([]) },
  });
}

function nameOf(verified: VerifiedToken | Promise<VerifiedToken>): unknown {
  if (verified instanceof Promise) throw new Error('it is there at once');
  return verified.decide(undefined).session.claims?.['name'];
}

/** A verification that counts how often it was asked. */
function verification(make: () => VerifiedToken) {
  const one = { times: 0, verify: () => ((one.times += 1), make()) };
  return one;
}

const generous = { maxEntries: 1000, maxBytes: 10_000_000 };
const now = () => 0;

describe('the cache of verified tokens', () => {
  it('verifies a token once', () => {
    const cache = verifiedTokens(generous);
    const one = verification(() => token(text('a')));
    const first = cache.get([found(text('a'))], now, one.verify);
    expect(cache.get([found(text('a'))], now, one.verify)).toBe(first);
    expect(first).toBeInstanceOf(VerifiedToken);
    expect(one.times).toBe(1);
  });

  it('tells tokens apart that end alike', () => {
    const cache = verifiedTokens(generous);
    const [a, b] = [`a${text('', 60)}`, `b${text('', 60)}`];
    const ofA = cache.get([found(a)], now, () => token(a));
    const ofB = cache.get([found(b)], now, () => token(b));
    expect(nameOf(ofA)).toBe(a);
    expect(nameOf(ofB)).toBe(b);
    expect(cache.get([found(b)], now, () => token(b))).toBe(ofB);
  });

  it('verifies a token anew at another location: other configurations stand there', () => {
    const cache = verifiedTokens(generous);
    const one = verification(() => token(text('a')));
    void cache.get([found(text('a'), here)], now, one.verify);
    void cache.get([found(text('a'), there)], now, one.verify);
    expect(one.times).toBe(2);
    void cache.get([found(text('a'), there)], now, one.verify);
    expect(one.times).toBe(2);
  });

  it('leaves several tokens, and none, to the verification', () => {
    const cache = verifiedTokens(generous);
    const one = verification(() => token(text('a')));
    const two = [found(text('a')), found(text('a'), there)];
    void cache.get(two, now, one.verify);
    void cache.get(two, now, one.verify);
    void cache.get([], now, one.verify);
    expect(one.times).toBe(3);
    void cache.get([found(text('a'))], now, one.verify); // nothing of it was kept
    expect(one.times).toBe(4);
  });

  it('verifies anew what is no longer good, and keeps what came out', () => {
    const cache = verifiedTokens(generous);
    let time = 0;
    const one = verification(() => token(text('a'), { expiresAt: time + 10 }));
    const get = () => cache.get([found(text('a'))], () => time, one.verify);
    const first = get();
    time = 9;
    expect(get()).toBe(first);
    time = 10;
    const second = get();
    expect(second).not.toBe(first);
    expect(get()).toBe(second);
    expect(one.times).toBe(2);
  });

  it('forgets what could not be verified again', () => {
    const cache = verifiedTokens(generous);
    let time = 0;
    const get = (verify: () => VerifiedToken) => cache.get([found(text('a'))], () => time, verify);
    void get(() => token(text('a'), { expiresAt: 10 }));
    time = 10;
    const failing = (): never => {
      throw new Error('expired');
    };
    expect(() => get(failing)).toThrow('expired');
    time = 0; // a clock that was set back does not bring it back
    expect(() => get(failing)).toThrow('expired');
  });

  it('keeps no failure', () => {
    const cache = verifiedTokens(generous);
    const failing = (): never => {
      throw new Error('wrong');
    };
    expect(() => cache.get([found(text('a'))], now, failing)).toThrow('wrong');
    expect(nameOf(cache.get([found(text('a'))], now, () => token(text('a'))))).toBe(text('a'));
  });

  it('keeps what a promise brings, and nothing of one that rejects', async () => {
    const cache = verifiedTokens(generous);
    const get = (verify: () => Promise<VerifiedToken> | VerifiedToken) =>
      cache.get([found(text('a'))], now, verify);
    await expect(get(() => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
    const first = await get(() => Promise.resolve(token(text('a'))));
    expect(get(() => token(text('a')))).toBe(first);
  });

  it('waits for the keys before it trusts what it kept', async () => {
    const cache = verifiedTokens(generous);
    let refresh: Promise<void> | undefined = undefined;
    const of = { ...config, keys: { ...config.keys, refresh: () => refresh } };
    const get = () => cache.get([found(text('a'))], now, () => token(text('a'), { of }));
    const first = get();
    refresh = Promise.resolve();
    const later = get();
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toBe(first);
  });

  it('forgets everything when told so', () => {
    const cache = verifiedTokens(generous);
    const one = verification(() => token(text('a')));
    void cache.get([found(text('a'))], now, one.verify);
    cache.clear();
    void cache.get([found(text('a'))], now, one.verify);
    expect(one.times).toBe(2);
  });
});

describe('verifications under way', () => {
  function later() {
    let finish = (_: VerifiedToken): void => undefined;
    let fail = (_: Error): void => undefined;
    const promise = new Promise<VerifiedToken>((resolve, reject) => {
      finish = resolve;
      fail = reject;
    });
    return { promise, finish, fail };
  }

  it('are joined by equal tokens at the same location', async () => {
    const cache = verifiedTokens(generous);
    const { promise, finish } = later();
    let times = 0;
    const verify = () => ((times += 1), promise);
    const first = cache.get([found(text('a'))], now, verify);
    const second = cache.get([found(text('a'))], now, verify);
    const elsewhere = cache.get([found(text('a'), there)], now, verify);
    const other = cache.get([found(text('b'))], now, verify);
    expect(times).toBe(3);
    const made = token(text('a'));
    finish(made);
    expect(await Promise.all([first, second, elsewhere, other])).toEqual([made, made, made, made]);
    expect(cache.get([found(text('a'))], now, verify)).toBe(made);
    expect(times).toBe(3);
  });

  it('that fail are begun anew by whoever comes after', async () => {
    const cache = verifiedTokens(generous);
    const { promise, fail } = later();
    const first = cache.get([found(text('a'))], now, () => promise);
    const second = cache.get([found(text('a'))], now, () => promise);
    fail(new Error('wrong'));
    await expect(first).rejects.toThrow('wrong');
    await expect(second).rejects.toThrow('wrong');
    const third = cache.get([found(text('a'))], now, () => token(text('a')));
    expect(nameOf(third)).toBe(text('a'));
  });

  it('are not kept where everything was forgotten meanwhile', async () => {
    const cache = verifiedTokens(generous);
    const { promise, finish } = later();
    const first = cache.get([found(text('a'))], now, () => promise);
    cache.clear();
    const one = verification(() => token(text('a')));
    void cache.get([found(text('a'))], now, one.verify); // joins nothing from before
    expect(one.times).toBe(1);
    cache.clear();
    finish(token(text('a')));
    await first;
    void cache.get([found(text('a'))], now, one.verify);
    expect(one.times).toBe(2);
  });
});

describe('no cache', () => {
  it('verifies every time', () => {
    const one = verification(() => token(text('a')));
    void noVerifiedTokens.get([found(text('a'))], now, one.verify);
    void noVerifiedTokens.get([found(text('a'))], now, one.verify);
    expect(one.times).toBe(2);
    expect(noVerifiedTokens.clear()).toBeUndefined();
  });
});
