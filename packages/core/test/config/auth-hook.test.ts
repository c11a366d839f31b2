import { parseHook } from '../../src/webhook/options.js';
import { mistake } from '../thrown.js';

const url = 'http://hook.example/a?b=c';
const parse = (value: unknown): unknown => parseHook(value, 'authHook');

describe('authHook', () => {
  it('is a url, with defaults', () => {
    expect(parse(url)).toEqual({
      url,
      mode: 'GET',
      sendRequestBody: true,
      timeoutMs: 10_000,
      cache: undefined,
    });
    expect(parse({ url })).toEqual(parse(url));
  });

  it('is an object', () => {
    const hook = { url, mode: 'POST', sendRequestBody: false, timeoutMs: 1 };
    expect(parse({ ...hook, cache: { headers: ['X-A', 'user-agent'], maxEntries: 2 } })).toEqual({
      ...hook,
      cache: { headers: ['x-a', 'user-agent'], maxEntries: 2 },
    });
    expect(parse({ url, cache: { headers: ['a'] } })).toMatchObject({
      cache: { maxEntries: 1000 },
    });
  });

  it.each([
    [undefined, 'authHook'],
    [{}, 'authHook.url'],
    ['hook.example', 'authHook.url'],
    ['ftp://hook.example/', 'authHook.url'],
    ['http://user@hook.example/', 'authHook.url'],
    ['http://:marked@hook.example/', 'authHook.url'],
    [{ url, mode: 'get' }, 'authHook.mode'],
    [{ url, sendRequestBody: 'yes' }, 'authHook.sendRequestBody'],
    [{ url, timeoutMs: 0 }, 'authHook.timeoutMs'],
    [{ url, timeout: 5 }, 'authHook'],
    [{ url, cache: true }, 'authHook.cache'],
    [{ url, cache: {} }, 'authHook.cache.headers'],
    [{ url, cache: { headers: [] } }, 'authHook.cache.headers'],
    [{ url, cache: { headers: ['a', 'User-Agent'] } }, 'authHook.cache.headers[1]'],
    [{ url, cache: { headers: ['a'], maxEntries: 0 } }, 'authHook.cache.maxEntries'],
    [{ url, cache: { headers: ['a'], ttl: 1 } }, 'authHook.cache'],
  ])('%j is refused', (value, option) => {
    const error = mistake(() => parse(value));
    expect(error.option).toBe(option);
    expect(error.message).not.toContain('marked');
  });
});
