import { encodedHeader, anyRequest } from '../../src/request.js';
import { parseHook } from '../../src/webhook/options.js';
import { hookRequests } from '../../src/webhook/request.js';
import { view } from '../request-view.js';

const url = 'https://hook.example/';
const requests = (options: object) =>
  hookRequests(parseHook({ url, ...options }, 'authHook', () => undefined));

describe('the request to a GET hook', () => {
  const requestFor = requests({});

  it('has the headers of the client and nothing else', () => {
    const { method, headers, ...rest } = requestFor(
      view({ Cookie: 'a=1', Accept: '*/*', 'X-Team': ['a', 'b'], 'x-empty': '' }),
    );
    expect({ method, rest }).toEqual({ method: 'GET', rest: {} });
    expect({ ...headers }).toEqual({ cookie: 'a=1', 'x-team': 'a, b', 'x-empty': '' });
  });

  it.each([
    ['a line break', 'x-a', 'a\r\nx-b: c'],
    ['a control character', 'x-a', 'a\u0000'],
    ['a delete character', 'x-a', 'a\u007f'],
    ['a name with a space', 'x a', 'a'],
    ['a name with a line break', 'x-a\nx-b', 'a'],
    ['a name beyond ASCII', 'x-ä', 'a'],
    ['an empty name', '', 'a'],
    ['a pseudo-header of HTTP/2', ':path', '/'],
  ])('leaves out what HTTP cannot carry: %s', (_what, name, value) => {
    expect({ ...requestFor(view({ [name]: value, 'x-c': 'd' })).headers }).toEqual({ 'x-c': 'd' });
  });

  it.each(['a\tb', 'caf\xe9', '~!"#$%&\'()', encodedHeader('名')])(
    'has the bytes of %j as the client sent them',
    (value) => {
      expect({ ...requestFor(view({ 'x-a': value })).headers }).toEqual({ 'x-a': value });
    },
  );

  it('has text that did not come over HTTP as UTF-8', () => {
    expect({ ...requestFor(view({ 'x-a': '名é' })).headers }).toEqual({
      'x-a': encodedHeader('名é'),
    });
  });

  it('has a header named __proto__ like any other', () => {
    const headers = Object.fromEntries([['__proto__', 'a']]);
    const sent = requestFor(anyRequest({ headers })).headers;
    expect(Object.getPrototypeOf(sent)).toBeNull();
    expect(Object.keys(sent)).toEqual(['__proto__']);
  });

  it('has only the listed headers, in the order of the list, if responses are cached', () => {
    const cached = requests({ cache: { headers: ['X-B', 'X-A'] } });
    const { headers } = cached(view({ 'x-a': '1', 'x-b': '', 'x-c': '3' }));
    expect(Object.entries(headers)).toEqual([
      ['x-b', ''],
      ['x-a', '1'],
    ]);
    expect({ ...cached(view({ 'x-a': 'a\n' })).headers }).toEqual({});
  });
});

describe('the request to a POST hook', () => {
  const headers = { Host: 'a', 'X-Name': encodedHeader('名'), ':path': '/', 'x-latin-1': '\xe9' };
  const request = anyRequest({ headers, body: { query: '{ a }' } });
  const asText = '"host":"a","x-name":"名","x-latin-1":"\ufffd"';
  const bodyOf = (options: object, sent = request): string | undefined =>
    requests({ mode: 'POST', ...options })(sent).body;

  it('has everything in its body, values as text', () => {
    expect(requests({ mode: 'POST' })(request)).toEqual({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"headers":{${asText}},"request":{"query":"{ a }"}}`,
    });
  });

  it('has no member request if sendRequestBody is false', () => {
    expect(bodyOf({ sendRequestBody: false })).toBe(`{"headers":{${asText}}}`);
  });

  it('has only the listed headers if responses are cached', () => {
    expect(bodyOf({ cache: { headers: ['Host', 'x-b'] } })).toBe(
      '{"headers":{"host":"a"},"request":{"query":"{ a }"}}',
    );
  });

  const rawHeaders = ['HOST', 'AUTH-ID', 'X-Team', 'a', 'x-TEAM', 'b', 'Auth-Id', '4'];
  const written = { host: 'AUTH-ID', 'x-team': 'a, b', 'auth-id': '4', 'x-added': 'c' };

  it.each([
    ['has them itself', { rawHeaders }],
    ['has them under raw, as Fastify does', { raw: { rawHeaders } }],
    ['has them under req, as Koa does', { req: { rawHeaders } }],
  ])('names headers as the client wrote them if the request %s', (_where, more) => {
    const sent = anyRequest({ headers: written, ...more });
    expect(bodyOf({ sendRequestBody: false }, sent)).toBe(
      '{"headers":{"HOST":"AUTH-ID","X-Team":"a, b","Auth-Id":"4","x-added":"c"}}',
    );
    expect(bodyOf({ sendRequestBody: false, cache: { headers: ['auth-id'] } }, sent)).toBe(
      '{"headers":{"Auth-Id":"4"}}',
    );
  });

  it.each([
    {},
    { raw: {} },
    { req: {} },
    { raw: { rawHeaders: 'X-Team' } },
    { rawHeaders: [7, 'X-Team'] },
  ])('names headers in lower case with %j', (more: object) => {
    const sent = anyRequest({ headers: { 'X-Team': 'a' }, ...more });
    expect(bodyOf({ sendRequestBody: false }, sent)).toBe('{"headers":{"x-team":"a"}}');
  });

  it.each([
    [{ ':authority': 'a.example' }, '{"host":"a.example"}'],
    [{ ':authority': 'a.example', host: 'b.example' }, '{"host":"b.example"}'],
    [{ ':method': 'GET' }, '{}'],
  ])('takes the host from :authority over HTTP/2: %j', (sent, expected) => {
    expect(bodyOf({ sendRequestBody: false }, anyRequest({ headers: sent }))).toBe(
      `{"headers":${expected}}`,
    );
  });

  it('takes the host from :authority only if it is listed, if responses are cached', () => {
    const sent = anyRequest({ headers: { ':authority': 'a.example' } });
    const listed = (name: string) =>
      bodyOf({ sendRequestBody: false, cache: { headers: [name] } }, sent);
    expect(listed('host')).toBe('{"headers":{"host":"a.example"}}');
    expect(listed('cookie')).toBe('{"headers":{}}');
  });

  function nested(depth: number): object {
    let value: object = {};
    for (let level = 0; level < depth; level++) value = { a: value };
    return value;
  }
  const cycle: Record<string, unknown> = {};
  cycle['a'] = cycle;
  const fail = (): never => {
    throw new Error('marked');
  };

  it.each([
    ['nested 100 000 deep', { query: 'a', variables: nested(100_000) }],
    [
      'in a batch with one nested 100 000 deep',
      [{ query: 'a' }, { query: 'b', variables: nested(100_000) }],
    ],
    ['with a cycle', { query: 'a', variables: cycle }],
    ['with a BigInt', { query: 'a', variables: { a: 1n } }],
    ['with a toJSON that throws', { query: 'a', variables: { a: { toJSON: fail } } }],
    [
      'with a getter that throws',
      {
        query: 'a',
        variables: {
          get a() {
            return fail();
          },
        },
      },
    ],
    [
      'whose query throws when it is read',
      {
        get query() {
          return fail();
        },
      },
    ],
    ['that is a proxy that throws', new Proxy({}, { get: fail })],
  ])('has null for a body that cannot be written as JSON: %s', (_what, body) => {
    expect(bodyOf({}, anyRequest({ headers: { a: 'b' }, body }))).toBe(
      '{"headers":{"a":"b"},"request":null}',
    );
  });
});
