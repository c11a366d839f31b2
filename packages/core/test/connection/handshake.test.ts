import {
  clientHeaders,
  connectionView,
  isWithinBounds,
  type ConnectionRequest,
} from '../../src/connection/handshake.js';
import type { RequestView } from '../../src/request.js';
import { refusal } from '../thrown.js';

const read = (params: unknown): Record<string, string> => Object.fromEntries(clientHeaders(params));

/** A text beyond Latin-1, which V8 keeps in two bytes a character. */
const wide = '€';

describe('the headers in connectionParams', () => {
  it.each([[undefined], [null], [{}], [{ headers: null }], [{ headers: {} }]])(
    'are none if they are %p',
    (params) => {
      expect(read(params)).toEqual({});
    },
  );

  it('are read from the member headers, and in the older style from the top', () => {
    const headers = { Authorization: 'Bearer x', 'X-Hasura-Role': '' };
    const lower = { authorization: 'Bearer x', 'x-hasura-role': '' };
    expect(read({ headers })).toEqual(lower);
    expect(read(headers)).toEqual(lower);
    expect(read({ headers: { cookie: 'a=b' }, 'x-token': 'y' })).toEqual({
      cookie: 'a=b',
      'x-token': 'y',
    });
  });

  it('do not include members at the top that cannot be headers, or that are null or undefined', () => {
    const session = { role: 'admin', sessionVariables: { 'x-hasura-role': 'admin' } };
    const others = { session, lazy: true, retries: 3, tags: ['a'], 'not a header name': 'x' };
    const absent = { authorization: null, 'x-hasura-role': undefined };
    expect(read({ ...others, ...absent })).toEqual({});
  });

  it('do not include headers that only a handshake may have', () => {
    const ofHandshake = {
      Origin: 'https://app.example.com',
      Host: 'app.example.com',
      'X-Forwarded-For': '10.0.0.1',
      Forwarded: 'for=10.0.0.1',
      Via: '1.1 proxy',
      'X-Real-IP': '10.0.0.1',
      'Sec-Fetch-Site': 'same-origin',
    };
    expect(read({ headers: { ...ofHandshake, 'x-hasura-role': 'user' } })).toEqual({
      'x-hasura-role': 'user',
    });
  });

  it('may have names that every object inherits, and do not include what a prototype has', () => {
    const params: unknown = JSON.parse('{"headers":{"__proto__":"a","constructor":"b"}}');
    expect([...clientHeaders(params)]).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(read(Object.create({ authorization: 'Bearer x' }))).toEqual({});
  });
});

const many = (count: number, value: unknown = ''): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${String(index)}`, value]));
const tooLong = 'longer than 32768 bytes';
const tooMany = 'more than 100 members';

describe('connectionParams are rejected, and the message names the member', () => {
  it.each<[string, unknown, string]>([
    ['a string', 'authorization', 'expected an object, got a string'],
    ['a list', [1], 'expected an object, got a list'],
    ['headers that are a list', { headers: [1] }, 'headers must be an object, got a list'],
    ['headers that are a string', { headers: 'x' }, 'headers must be an object, got a string'],
    ['a number', { headers: { a: 1 } }, 'headers.a must be a string, got a number'],
    ['null', { headers: { a: null } }, 'headers.a must be a string, got null'],
    ['an object', { headers: { a: {} } }, 'headers.a must be a string, got an object'],
    [
      'no header name',
      { headers: { 'a b': 'x' } },
      'headers[a name of 3 characters] is no header name',
    ],
    [
      'an empty name',
      { headers: { '': 'x' } },
      'headers[a name of 0 characters] is no header name',
    ],
    ['a line break', { headers: { a: 'x\r\nb: y' } }, 'headers.a has a control character'],
    ['a line break at the top', { a: 'x\ny' }, 'a has a control character'],
    ['a role', { 'X-Hasura-Role': ['a'] }, 'X-Hasura-Role must be a string, got a list'],
    ['a token', { authorization: {} }, 'authorization must be a string, got an object'],
    ['a cookie', { Cookie: 1 }, 'Cookie must be a string, got a number'],
    [
      'a name twice',
      { headers: { a: 'x', A: 'x' } },
      'headers.A has the same name as another header',
    ],
    [
      'a name in both places',
      { headers: { a: 'x' }, A: 'y' },
      'A has the same name as another header',
    ],
    ['101 members', many(101), tooMany],
    ['100 members in headers', { headers: many(100) }, tooMany],
    ['a list of 101', { tags: Array.from({ length: 101 }, () => 0) }, tooMany],
    ['101 members in a list', { tags: [many(50), many(50)] }, tooMany],
    ['a long header', { headers: { a: 'x'.repeat(32_768) } }, tooLong],
    ['a long name', { ['x'.repeat(32_769)]: 1 }, tooLong],
    ['a long text that is no header', { deep: { deeper: ['x'.repeat(32_768)] } }, tooLong],
    ['a text of two bytes a character', { a: wide.repeat(16_384) }, tooLong],
  ])('%s', (_name, params, detail) => {
    expect(refusal(() => clientHeaders(params))).toMatchObject({
      kind: 'bad-connection-params',
      code: 'invalid-headers',
      status: 400,
      message: `Malformed connection parameters: ${detail}`,
    });
  });

  it.each(['x'.repeat(61), 'Bearer eyJhbGciOiJub25lIn0', 'eyJhbGciOiJub25lIn0.e30.', 's3cret'])(
    'without a name that may be a token, such as %s, which is shown by its length',
    (name) => {
      const shown = `Malformed connection parameters: headers[a name of ${String(name.length)} characters]`;
      for (const [headers, problem] of [
        [{ [name]: 7 }, /^ (?:must be a string, got a number|is no header name)$/],
        [{ [name]: 'x\ny' }, /^ (?:has a control character|is no header name)$/],
      ] as const) {
        const { message } = refusal(() => clientHeaders({ headers }));
        expect(message.slice(0, shown.length)).toBe(shown);
        expect(message.slice(shown.length)).toMatch(problem);
      }
    },
  );

  it('never with a value', () => {
    expect(refusal(() => clientHeaders({ authorization: ['s3cret'] })).message).not.toMatch(
      /s3cret/,
    );
  });

  it('if a header that the configuration reads credentials from is one of the handshake alone', () => {
    const holdsCredential = (name: string): boolean => name === 'x-forwarded-access-token';
    const params = { headers: { 'X-Forwarded-Access-Token': 'x', 'X-Forwarded-For': 'y' } };
    expect(refusal(() => clientHeaders(params, holdsCredential)).message).toBe(
      'Malformed connection parameters: headers.X-Forwarded-Access-Token is read from the headers of the handshake only',
    );
    expect(clientHeaders(params).size).toBe(0);
  });

  it('if a header that the configuration reads credentials from has another type', () => {
    const holdsCredential = (name: string): boolean => name === 'x-token';
    expect(refusal(() => clientHeaders({ 'X-Token': 7 }, holdsCredential)).message).toBe(
      'Malformed connection parameters: X-Token must be a string, got a number',
    );
    expect(clientHeaders({ 'x-other': 7 }, holdsCredential).size).toBe(0);
    expect(clientHeaders({ 'x-token': null }, holdsCredential).size).toBe(0);
  });
});

it('connectionParams at their bounds are read to the last member', () => {
  expect(clientHeaders(many(100)).size).toBe(100);
  expect(clientHeaders({ tags: Array.from({ length: 99 }, () => 0) }).size).toBe(0);
  expect(clientHeaders({ headers: many(99) }).size).toBe(99);
  expect(clientHeaders({ a: 'x'.repeat(32_767) }).size).toBe(1);
  expect(clientHeaders({ a: wide.repeat(16_383) }).size).toBe(1);
  expect(clientHeaders({ others: [many(49), [many(44)], null, 1, true] }).size).toBe(0);
});

it('the work for connectionParams does not grow beyond their bounds', () => {
  let looks = 0;
  const counted = (target: object): object =>
    new Proxy(target, {
      get: (object, name) => {
        looks++;
        return Reflect.get(object, name) as unknown;
      },
    });
  for (const params of [counted(many(5000)), { headers: counted(many(5000)) }]) {
    looks = 0;
    expect(refusal(() => clientHeaders(params)).message).toMatch(tooMany);
    expect(looks).toBeLessThanOrEqual(101);
  }
  const nested: unknown = JSON.parse('['.repeat(5000) + ']'.repeat(5000));
  expect(refusal(() => clientHeaders({ nested })).message).toMatch(tooMany);
});

it('isWithinBounds is true for what stays within the bounds of connectionParams', () => {
  for (const value of [undefined, null, 1, 'x', {}, many(100), { a: 'x'.repeat(32_767) }])
    expect(isWithinBounds(value)).toBe(true);
  for (const value of [many(101), 'x'.repeat(32_769), { a: { b: 'x'.repeat(32_768) } }])
    expect(isWithinBounds(value)).toBe(false);
});

describe('a connection as a request', () => {
  const none = (): boolean => false;
  const all = (): boolean => true;
  const view = (
    request: ConnectionRequest,
    allowsOrigin = none,
    acceptsAnyScheme = false,
  ): RequestView =>
    connectionView(request, {
      allowsOrigin,
      acceptsAnyScheme,
      holdsCredential: (name) => ['x-token', 'user-agent'].includes(name),
    });

  it('has the headers of the parameters before those of the handshake, one name at a time', () => {
    const request = view({
      connectionParams: { headers: { Authorization: 'Bearer params' } },
      headers: { authorization: 'Bearer handshake', 'X-Hasura-Role': 'user', accept: undefined },
    });
    expect([...request.headers()]).toEqual([
      ['authorization', 'Bearer params'],
      ['x-hasura-role', 'user'],
    ]);
    expect(request.source.body).toBeUndefined();
  });

  it('reads a handshake in the form of the web’s Headers', () => {
    const headers = new Headers({ 'X-Hasura-Role': 'user' });
    expect(view({ headers }).header('x-hasura-role')).toBe('user');
  });

  it('has the headers of the parameters alone if the server does not know the handshake', () => {
    const request = view({ connectionParams: { authorization: 'Bearer x' } });
    expect([...request.headers()]).toEqual([['authorization', 'Bearer x']]);
  });

  it('is refused if the headers of the handshake are undefined', () => {
    const headers = undefined as never; // what a program without types may pass
    expect(refusal(() => view({ headers })).kind).toBe('unreadable-headers');
  });

  it.each([
    ['read if the origin is allowed', { cookie: 'a=b', origin: 'https://x.example' }, all, 'a=b'],
    ['not read if it is not', { cookie: 'a=b', origin: 'https://x.example' }, none, undefined],
    ['not read without an origin', { cookie: 'a=b' }, all, undefined],
    [
      'not read if an async function decides, whose promise is no true',
      { cookie: 'a=b', origin: 'https://x.example' },
      (async () => false) as never, // what a program without types may pass
      undefined,
    ],
  ])('a cookie of the handshake is %s', (_name, headers, allowsOrigin, cookie) => {
    expect(view({ headers }, allowsOrigin).header('cookie')).toBe(cookie);
  });

  it('a cookie in the parameters replaces the handshake’s, whatever the origin', () => {
    const request = {
      connectionParams: { headers: { cookie: 'mine=1' } },
      headers: { cookie: 'theirs=1', origin: 'https://x.example' },
    };
    for (const allowsOrigin of [all, none])
      expect(view(request, allowsOrigin).header('cookie')).toBe('mine=1');
  });

  const page = 'https://x.example';
  it.each([
    ['dropped if a page of another origin opened the socket', page, 'api.example', none, undefined],
    ['dropped if a page of another port did', page, 'x.example:8443', none, undefined],
    ['dropped if a page without an origin did', 'null', 'x.example', none, undefined],
    ['dropped if the host is unknown', page, undefined, none, undefined],
    ['read if a page of the same host did', page, 'X.example', none, 'a'],
    ['read if the origin is allowed', page, 'api.example', all, 'a'],
    ['read if the client is no browser', undefined, 'api.example', none, 'a'],
  ])(
    'a token of the handshake in another header is %s',
    (_name, origin, host, allows, expected) => {
      const headers = { 'x-token': 'a', 'user-agent': 'b', 'x-other': 'c', origin, host };
      const request = view({ headers }, allows);
      expect(request.header('x-token')).toBe(expected);
      expect([request.header('user-agent'), request.header('x-other')]).toEqual(['b', 'c']);
    },
  );

  const withToken = { authorization: 'bearer a', origin: page };
  const fromPage = { authorization: 'Basic YTpi', origin: 'https://x.example' };
  it.each<[string, Record<string, string>, typeof all, boolean, string | undefined]>([
    ['read for a webhook if the origin is allowed', fromPage, all, true, 'Basic YTpi'],
    ['not read for a webhook if it is not', fromPage, none, true, undefined],
    ['absent if the client sent none', { origin: 'https://x.example' }, none, true, undefined],
    ['read without an origin', { authorization: 'Basic YTpi' }, none, true, 'Basic YTpi'],
    ['kept for JWT mode, which rejects other schemes', fromPage, none, false, 'Basic YTpi'],
    ['not read if a proxy may have added it', withToken, none, true, undefined],
    ['not read if a proxy may have added it, in JWT mode', withToken, none, false, undefined],
    ['read from an allowed origin', withToken, all, false, 'bearer a'],
  ])(
    'an Authorization of the handshake is %s',
    (_name, headers, allowsOrigin, isHook, expected) => {
      expect(view({ headers }, allowsOrigin, isHook).header('authorization')).toBe(expected);
    },
  );

  it('stored credentials of a browser do not replace those of the parameters', () => {
    const connectionParams = { authorization: 'Basic bWluZTo=' };
    expect(view({ connectionParams, headers: fromPage }, none, true).header('authorization')).toBe(
      'Basic bWluZTo=',
    );
  });
});
