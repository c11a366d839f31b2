import {
  errorResponseStyles,
  refusalResponse,
  type CustomResponse,
  type ErrorResponse,
  type ErrorResponseStyle,
} from '../src/error-response.js';
import { AuthError } from '../src/errors.js';
import { isPromise } from '../src/maybe-promise.js';
import { refusals, type RefusalKind } from '../src/refusals.js';

const request = { headers: {} };
const json = 'application/json; charset=utf-8';
const sent = (error: AuthError, style: ErrorResponse) => {
  const response = refusalResponse(error, style, request);
  if (isPromise(response)) throw new Error('it is there at once');
  return response;
};
const answer = (kind: RefusalKind, style: ErrorResponseStyle) => {
  const { status, headers, body } = sent(new AuthError(kind), style) ?? {};
  return { status, headers, body: body === undefined ? undefined : (JSON.parse(body) as unknown) };
};
const graphql = {
  errors: [
    {
      extensions: { path: '$', code: 'invalid-headers' },
      message: "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
    },
  ],
};

describe('a refusal is answered', () => {
  it('by HTTP’s rules', () => {
    expect(answer('missing-token', 'http')).toEqual({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer realm="hasura"', 'Content-Type': json },
      body: graphql,
    });
    expect(answer('keys-unavailable', 'http').headers).toEqual({
      'Retry-After': '1',
      'Content-Type': json,
    });
  });

  it('as the engine’s REST endpoints do', () => {
    expect(answer('missing-token', 'engine')).toEqual({
      status: 400,
      headers: { 'Content-Type': json },
      body: graphql,
    });
  });

  it('as the engine’s GraphQL endpoint does', () => {
    expect(answer('missing-token', 'graphql')).toEqual({
      status: 200,
      headers: { 'Content-Type': json },
      body: graphql,
    });
  });

  it('as the engine’s other endpoints do', () => {
    expect(answer('missing-token', 'metadata')).toEqual({
      status: 400,
      headers: { 'Content-Type': json },
      body: {
        path: '$',
        error: "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
        code: 'invalid-headers',
      },
    });
  });

  it('as a problem of RFC 9457', () => {
    expect(answer('missing-token', 'problem')).toEqual({
      status: 401,
      headers: {
        'WWW-Authenticate': 'Bearer realm="hasura"',
        'Content-Type': 'application/problem+json',
      },
      body: {
        status: 401,
        title: 'Unauthorized',
        detail: "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
        code: 'invalid-headers',
      },
    });
  });

  it('by the framework', () => {
    expect(refusalResponse(new AuthError('missing-token'), 'forward', request)).toBeUndefined();
  });

  it.each<[RefusalKind, string]>([
    ['ambiguous-token', 'Bad Request'],
    ['wrong-secret', 'Unauthorized'],
    ['role-not-allowed', 'Forbidden'],
    ['hook-unreachable', 'Internal Server Error'],
    ['keys-unavailable', 'Service Unavailable'],
  ])('as a problem with a title: %s is %s', (kind, title) => {
    expect(answer(kind, 'problem').body).toMatchObject({ title });
  });

  it('as a problem with a title, whatever its kind', () => {
    const kinds = Object.keys(refusals) as RefusalKind[]; // the rows of that constant table
    for (const kind of kinds)
      expect(answer(kind, 'problem').body).not.toMatchObject({ title: 'Error' });
  });

  it('in a style that has a name', () => {
    expect(errorResponseStyles).toEqual([
      'http',
      'engine',
      'graphql',
      'metadata',
      'problem',
      'forward',
    ]);
  });
});

describe('the app’s own answer', () => {
  const error = new AuthError('wrong-secret');

  it('is asked for with the error and the request', () => {
    const own = jest.fn(() => ({ status: 418 }));
    expect(refusalResponse(error, own, request)).toEqual({ status: 418, headers: {}, body: '' });
    expect(own).toHaveBeenCalledWith(error, request);
  });

  it('may be a text, sent as it is', () => {
    const own = () => ({ status: 403, headers: { 'X-A': '1' }, body: 'no' });
    expect(refusalResponse(error, own, request)).toEqual({
      status: 403,
      headers: { 'X-A': '1' },
      body: 'no',
    });
  });

  it.each<[unknown, string]>([
    [{ a: 1 }, '{"a":1}'],
    [null, 'null'],
    [[1], '[1]'],
    [5, '5'],
  ])('may be anything else, sent as JSON: %j', (body, text) => {
    expect(refusalResponse(error, () => ({ status: 400, body }), request)).toEqual({
      status: 400,
      headers: { 'Content-Type': json },
      body: text,
    });
  });

  it('may be JSON under another name', () => {
    const headers = { 'Content-Type': 'application/vnd.api+json' };
    expect(refusalResponse(error, () => ({ status: 400, headers, body: {} }), request)).toEqual({
      status: 400,
      headers,
      body: '{}',
    });
  });

  it('may come later, and of any kind of promise', async () => {
    const thenable = { then: (resolve: (response: object) => void) => resolve({ status: 418 }) };
    const expected = { status: 418, headers: {}, body: '' };
    for (const own of [async () => ({ status: 418 }), () => thenable as Promise<{ status: 418 }>])
      expect(await refusalResponse(error, own, request)).toEqual(expected);
  });

  it('may have a header several times, and leave one out', () => {
    const headers = { 'Set-Cookie': ['a=1', 'b=2'], 'X-A': undefined };
    const own = () => ({ status: 401, headers }) as unknown as { status: number };
    expect(refusalResponse(error, own, request)).toMatchObject({
      headers: { 'Set-Cookie': ['a=1', 'b=2'] },
    });
  });

  it('may have the headers as the web has them, or in a Map', () => {
    const pairs: [string, string][] = [
      ['X-A', '1'],
      ['X-B', '2'],
    ];
    for (const headers of [new Headers(pairs), new Map(pairs)])
      expect(sent(error, () => ({ status: 401, headers }) as CustomResponse)).toEqual({
        status: 401,
        headers: headers instanceof Map ? { 'X-A': '1', 'X-B': '2' } : { 'x-a': '1', 'x-b': '2' },
        body: '',
      });
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  it.each<[string, unknown]>([
    ['must return an object, got undefined', undefined],
    ['must return an object, got null', null],
    ['must return an object, got a string', 'no'],
    ['must return an object, got a list', [{ status: 401 }]],
    [
      'the status that the function returns must be a whole number from 200 to 599, got undefined',
      {},
    ],
    ['got a string', { status: '401' }],
    ['got another number', { status: 101 }],
    ['got another number', { status: 600 }],
    ['got another number', { status: 401.5 }],
    ['got another number', { status: NaN }],
    [
      "headers must be an object literal of strings or the web's Headers, got an empty list",
      { status: 401, headers: [] },
    ],
    [
      "headers must be an object literal of strings or the web's Headers, got null",
      { status: 401, headers: null },
    ],
    [
      'the header X-A must be a string or a list of strings, got a number',
      { status: 401, headers: { 'X-A': 5 } },
    ],
    [
      'the header X-A must be a string or a list of strings, got a list',
      { status: 401, headers: { 'X-A': [5] } },
    ],
    ['the header "X A" has a character', { status: 401, headers: { 'X A': 'a' } }],
    [
      'the header "Content-Length" is set by the server itself',
      { status: 401, headers: { 'Content-Length': '5' } },
    ],
    [
      'the header "location" has one value, and not a list',
      { status: 401, headers: { location: ['a', 'b'] } },
    ],
    [
      'the header "te" is set by the server itself',
      { status: 401, headers: new Headers({ te: 'a' }) },
    ],
    ['the header "X-A" has a character', { status: 401, headers: { 'X-A': ['a', 'a\r\nb'] } }],
    ['the body cannot be written as JSON', { status: 401, body: circular }],
    ['the body must be a string or JSON, got a function', { status: 401, body: () => 'no' }],
  ])('that is none is an error that names the option: %s', async (message, returned) => {
    const own = () => returned as { status: number };
    expect(() => refusalResponse(error, own, request)).toThrow(/^errorResponse: /);
    expect(() => refusalResponse(error, own, request)).toThrow(message);
    const later = async () => returned as { status: number };
    await expect(refusalResponse(error, later, request)).rejects.toThrow(message);
  });
});

describe('the cookies of a webhook that refuses', () => {
  const error = new AuthError('hook-unauthorized', { cookies: ['a=1', 'b=2'] });

  it.each(['http', 'engine', 'graphql', 'metadata', 'problem'] as const)(
    'are sent in the style %s',
    (style) => {
      expect(sent(error, style)?.headers['Set-Cookie']).toEqual(['a=1', 'b=2']);
    },
  );

  it('are added to what an app’s function returns, unless that has cookies of its own', () => {
    const error = new AuthError('hook-unauthorized', { cookies: ['a=1', 'b=2'] });
    const headersFor = (headers: Record<string, string>) =>
      sent(error, () => ({ status: 401, headers }))?.headers;
    expect(headersFor({ 'x-a': 'b' })).toEqual({ 'x-a': 'b', 'Set-Cookie': ['a=1', 'b=2'] });
    expect(headersFor({ 'set-COOKIE': 'c=3' })).toEqual({ 'set-COOKIE': 'c=3' });
  });

  it('stand on the error, for the framework', () => {
    expect(error.headers['Set-Cookie']).toEqual(['a=1', 'b=2']);
    expect(new AuthError('hook-unauthorized', { cookies: [] }).headers).not.toHaveProperty(
      'Set-Cookie',
    );
  });
});
