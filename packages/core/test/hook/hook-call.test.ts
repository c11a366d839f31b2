import { parseHook } from '../../src/webhook/options.js';
import { hookCalls } from '../../src/webhook/request.js';
import { anyRequest } from '../../src/request.js';
import { view } from '../request-view.js';

const url = 'http://hook.example/';
const calls = (options: object) => hookCalls(parseHook({ url, ...options }, 'authHook'));

describe('the call of a GET hook', () => {
  const callOf = calls({});

  it('forwards headers, and tells nothing else', () => {
    const { method, headers, ...rest } = callOf(
      view({ Cookie: 'a=1', Accept: '*/*', 'X-Team': ['a', 'b'], 'x-empty': '' }),
    );
    expect({ method, rest }).toEqual({ method: 'GET', rest: {} });
    expect({ ...headers }).toEqual({ cookie: 'a=1', 'x-team': 'a, b', 'x-empty': '' });
  });

  it.each([
    ['a letter beyond Latin-1', 'x-a', '名'],
    ['a line break', 'x-a', 'a\r\nx-b: c'],
    ['a control character', 'x-a', 'a\u0000'],
    ['a delete character', 'x-a', 'a\u007f'],
    ['a name with a space', 'x a', 'a'],
    ['a name with a line break', 'x-a\nx-b', 'a'],
    ['a name beyond ASCII', 'x-ä', 'a'],
    ['no name', '', 'a'],
    ['a pseudo-header of HTTP/2', ':path', '/'],
  ])('leaves out what HTTP cannot carry: %s', (_what, name, value) => {
    expect({ ...callOf(view({ [name]: value, 'x-c': 'd' })).headers }).toEqual({ 'x-c': 'd' });
  });

  it.each(['a\tb', 'caf\xe9', '~!"#$%&\'()'])('sends %j as it is', (value) => {
    expect({ ...callOf(view({ 'x-a': value })).headers }).toEqual({ 'x-a': value });
  });

  it('has no prototype to disturb', () => {
    const headers = Object.fromEntries([['__proto__', 'a']]);
    const told = callOf(anyRequest({ headers })).headers;
    expect(Object.getPrototypeOf(told)).toBeNull();
    expect(Object.keys(told)).toEqual(['__proto__']);
  });

  it('holds the listed headers alone where answers are kept, in the list’s order', () => {
    const cached = calls({ cache: { headers: ['X-B', 'X-A'] } });
    const { headers } = cached(view({ 'x-a': '1', 'x-b': '', 'x-c': '3' }));
    expect(Object.entries(headers)).toEqual([
      ['x-b', ''],
      ['x-a', '1'],
    ]);
    expect({ ...cached(view({ 'x-a': '名' })).headers }).toEqual({});
  });
});

describe('the call of a POST hook', () => {
  const request = anyRequest({
    headers: { Host: 'a', 'X-Name': '名', ':path': '/' },
    body: { query: '{ a }' },
  });

  it('holds everything in its body', () => {
    const { method, headers, body } = calls({ mode: 'POST' })(request);
    expect({ method, headers }).toEqual({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect(body).toBe('{"headers":{"host":"a","x-name":"名"},"request":{"query":"{ a }"}}');
  });

  it('has no member request where the hook is not told it', () => {
    const { body } = calls({ mode: 'POST', sendRequestBody: false })(request);
    expect(body).toBe('{"headers":{"host":"a","x-name":"名"}}');
  });

  it('holds the listed headers alone where answers are kept', () => {
    const { body } = calls({ mode: 'POST', cache: { headers: ['Host', 'x-b'] } })(request);
    expect(body).toBe('{"headers":{"host":"a"},"request":{"query":"{ a }"}}');
  });
});
