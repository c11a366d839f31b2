import { parseHook } from '../../src/webhook/options.js';
import { mistake } from '../thrown.js';

const url = 'http://127.0.0.1:3000/a?b=c';
const warnings: string[] = [];
const parse = (value: unknown) =>
  parseHook(value, 'authHook', (option, problem) => warnings.push(`${option}: ${problem}`));
beforeEach(() => warnings.splice(0));

describe('authHook', () => {
  it('may be a URL, and then has the defaults', () => {
    expect(parse(url)).toEqual({
      url,
      mode: 'GET',
      sendRequestBody: true,
      timeoutMs: 10_000,
      maxConcurrent: 1000,
      cache: undefined,
    });
    expect(parse({ url })).toEqual(parse(url));
  });

  it('may have a store that shares responses', () => {
    const store = { get: jest.fn(), set: jest.fn(), lock: jest.fn() };
    expect(parse({ url, cache: { headers: ['a'], shared: store } }).cache?.shared).toBe(store);
  });

  it('may be an object', () => {
    const hook = { url, mode: 'POST', sendRequestBody: false, timeoutMs: 1, maxConcurrent: 1 };
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
    [{ url, maxConcurrent: 0 }, 'authHook.maxConcurrent'],
    [{ url, maxConcurrent: Infinity }, 'authHook.maxConcurrent'],
    [{ url, timeout: 5 }, 'authHook'],
    [{ url, cache: true }, 'authHook.cache'],
    [{ url, cache: {} }, 'authHook.cache.headers'],
    [{ url, cache: { headers: [] } }, 'authHook.cache.headers'],
    [{ url, cache: { headers: ['a', 'User-Agent'] } }, 'authHook.cache.headers[1]'],
    [{ url, cache: { headers: ['a'], maxEntries: 0 } }, 'authHook.cache.maxEntries'],
    [{ url, cache: { headers: ['a'], ttl: 1 } }, 'authHook.cache'],
    [{ url, cache: { headers: ['a'], shared: {} } }, 'authHook.cache.shared'],
    [{ url, cache: { headers: ['a'], shared: null } }, 'authHook.cache.shared'],
  ])('%j is a mistake, which the error does not quote', (value, option) => {
    const error = mistake(() => parse(value));
    expect(error.option).toBe(option);
    expect(error.message).not.toContain('marked');
  });

  it.each([
    ['http://hook.example/marked', 1],
    ['http://10.0.0.1/', 1],
    ['http://127.0.0.1.example/', 1],
    ['https://hook.example/', 0],
    ['http://localhost:3000/', 0],
    ['http://hook.localhost/', 0],
    ['http://127.1.2.3/', 0],
    ['http://[::1]:3000/', 0],
  ])('warns that a hook on another machine is called over plain http: %s', (address, count) => {
    parse(address);
    expect(warnings).toHaveLength(count);
    for (const line of warnings) {
      expect(line).toContain('authHook.url: ');
      expect(line).toContain('use https');
      expect(line).not.toContain('marked');
    }
  });
});
