import { AuthError } from '../../src/errors.js';
import { hookCache, noHookCache, type HookDecision } from '../../src/webhook/cache.js';
import { decision, gatherVariables } from '../../src/session.js';
import { rejected, rejection } from '../thrown.js';

let now = 0;
const decided = (more: Partial<HookDecision> = {}, cookies?: [string, string][]): HookDecision => ({
  decision: decision({ role: 'user', variables: gatherVariables([]), method: 'webhook' }, cookies),
  keepUntil: 100,
  length: 10,
  tookMs: 0,
  askedAt: 0,
  ...more,
});
const requestOf = (name: string) => ({ method: 'GET', headers: { name } }) as const;

describe('kept responses', () => {
  beforeEach(() => {
    now = 0;
  });

  it('are used at once, without a promise', async () => {
    const cache = hookCache(10, () => now);
    const call = jest.fn(async () => decided());
    const first = await cache.get(requestOf('a'), call);
    expect(cache.get(requestOf('a'), call)).toBe(first);
    now = 100;
    expect(cache.get(requestOf('a'), call)).toBeInstanceOf(Promise);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('are kept no longer if the clock is set back', async () => {
    const cache = hookCache(10, () => now);
    const call = jest.fn(async () => decided());
    now = 50;
    await cache.get(requestOf('a'), call);
    now = 0;
    await cache.get(requestOf('a'), call);
    now = 50;
    await cache.get(requestOf('a'), call);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('are kept for maxKeepMs after their call at most', async () => {
    const cache = hookCache(10, () => now, { maxKeepMs: 50 });
    const call = jest.fn(async () => decided());
    for (const [time, calls] of [
      [0, 1],
      [49, 1],
      [50, 2],
    ] as const) {
      now = time;
      await cache.get(requestOf('a'), call);
      expect(call).toHaveBeenCalledTimes(calls);
    }
  });

  it('are gone as soon as they were found to be revoked, also if the hook then fails', async () => {
    let revoked = false;
    const cache = hookCache(10, () => now, { isRevoked: () => revoked });
    const call = jest.fn(async () => decided());
    await cache.get(requestOf('a'), call);
    revoked = true;
    call.mockRejectedValueOnce(new AuthError('hook-unauthorized'));
    await rejection(Promise.resolve(cache.get(requestOf('a'), call)));
    revoked = false; // its entry has ended
    await cache.get(requestOf('a'), call);
    expect(call).toHaveBeenCalledTimes(3);
  });

  it('do not include a response that was revoked while it was on its way', async () => {
    let revoked = true;
    const cache = hookCache(10, () => now, { isRevoked: () => revoked });
    const call = jest.fn(async () => decided());
    await cache.get(requestOf('a'), call);
    revoked = false;
    await cache.get(requestOf('a'), call);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('are distinguished by the body of a POST', async () => {
    const cache = hookCache(10, () => now);
    const call = jest.fn(async () => decided());
    for (const body of ['a', 'b', 'a'])
      await cache.get({ method: 'POST', headers: {}, body }, call);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['without an expiry', decided({ keepUntil: undefined })],
    ['that has expired', decided({ keepUntil: 0 })],
    ['with a cookie', decided({}, [['Set-Cookie', 'a=1']])],
    ['that is larger than all may be together', decided({ length: 17_000_000 })],
  ])('do not include a response %s', async (_name, response) => {
    const cache = hookCache(10, () => now);
    const call = jest.fn(async () => response);
    await cache.get(requestOf('a'), call);
    await cache.get(requestOf('a'), call);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('are at most maxEntries: the one that was not used for the longest time goes', async () => {
    const cache = hookCache(2, () => now);
    const call = jest.fn(async () => decided());
    for (const name of ['a', 'b', 'a', 'c']) await cache.get(requestOf(name), call);
    expect(call).toHaveBeenCalledTimes(3);
    await cache.get(requestOf('a'), call);
    expect(call).toHaveBeenCalledTimes(3);
    await cache.get(requestOf('b'), call);
    expect(call).toHaveBeenCalledTimes(4);
  });

  it('may be any number: no memory is taken before they come', async () => {
    const cache = hookCache(Number.MAX_SAFE_INTEGER, () => now);
    const call = jest.fn(async () => decided());
    for (const name of ['a', 'a']) await cache.get(requestOf(name), call);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('are bounded together: large ones replace each other', async () => {
    const cache = hookCache(10, () => now);
    const call = jest.fn(async () => decided({ length: 10_000_000 }));
    for (const name of ['a', 'b', 'a']) await cache.get(requestOf(name), call);
    expect(call).toHaveBeenCalledTimes(3);
  });

  it('are gone after clear(), and a call in progress at that time is not kept', async () => {
    const cache = hookCache(10, () => now);
    const call = jest.fn(async () => decided());
    await cache.get(requestOf('a'), call);
    cache.clear();
    const late = cache.get(requestOf('a'), call);
    cache.clear();
    await late;
    await cache.get(requestOf('a'), call);
    expect(call).toHaveBeenCalledTimes(3);
    await cache.get(requestOf('a'), call);
    expect(call).toHaveBeenCalledTimes(3);
  });
});

describe('calls in progress', () => {
  it('are shared, and made again after they have failed', async () => {
    const cache = hookCache(10, () => now);
    const failed = new Error('failed');
    const call = jest.fn(() => Promise.reject<HookDecision>(failed));
    const both = [cache.get(requestOf('a'), call), cache.get(requestOf('a'), call)];
    for (const one of both) expect(await rejected(Promise.resolve(one))).toBe(failed);
    expect(call).toHaveBeenCalledTimes(1);
    await rejected(Promise.resolve(cache.get(requestOf('a'), call)));
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('are shared even if the response may not be kept', async () => {
    const cache = hookCache(10, () => now);
    const call = jest.fn(async () => decided({ keepUntil: undefined }));
    const all = await Promise.all([1, 2, 3].map(async () => cache.get(requestOf('a'), call)));
    expect(new Set(all).size).toBe(1);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('are not shared if the response has a cookie', async () => {
    const cache = hookCache(10, () => now);
    let cookie = 0;
    const call = jest.fn(async () => decided({}, [['Set-Cookie', String(++cookie)]]));
    const all = await Promise.all([1, 2, 3].map(async () => cache.get(requestOf('a'), call)));
    expect(all.map(({ headers }) => headers[0]?.[1])).toEqual(['1', '2', '3']);
  });

  it('are not shared if the hook refuses with a cookie', async () => {
    const cache = hookCache(10, () => now);
    let cookie = 0;
    const call = jest.fn(() =>
      Promise.reject<HookDecision>(
        new AuthError('hook-unauthorized', { cookies: [String(++cookie)] }),
      ),
    );
    const all = [1, 2, 3].map(async () => cache.get(requestOf('a'), call));
    const refusals = await Promise.all(all.map(rejection));
    expect(refusals.map(({ headers }) => headers['Set-Cookie'])).toEqual([['1'], ['2'], ['3']]);
  });

  it('are shared if the hook refuses without a cookie', async () => {
    const cache = hookCache(10, () => now);
    const call = jest.fn(() => Promise.reject<HookDecision>(new AuthError('hook-unauthorized')));
    const all = [1, 2, 3].map(async () => cache.get(requestOf('a'), call));
    expect(new Set(await Promise.all(all.map(rejection))).size).toBe(1);
    expect(call).toHaveBeenCalledTimes(1);
  });
});

describe('without a cache', () => {
  it('every request is a call', async () => {
    const call = jest.fn(async () => decided());
    for (let time = 0; time < 2; time++) await noHookCache.get(requestOf('a'), call);
    noHookCache.clear();
    expect(call).toHaveBeenCalledTimes(2);
  });
});
