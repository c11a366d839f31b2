import { answerRefusal, errorResponseStyles } from '../src/error-response.js';
import { AuthError } from '../src/errors.js';
import { refusals, type RefusalKind } from '../src/refusals.js';

const request = { headers: {} };
const json = 'application/json; charset=utf-8';
const answer = (kind: RefusalKind, style: Parameters<typeof answerRefusal>[1]) => {
  const { status, headers, body } = answerRefusal(new AuthError(kind), style, request) ?? {};
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
      headers: { 'WWW-Authenticate': 'Bearer', 'Content-Type': json },
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
      headers: { 'WWW-Authenticate': 'Bearer', 'Content-Type': 'application/problem+json' },
      body: {
        status: 401,
        title: 'Unauthorized',
        detail: "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
        code: 'invalid-headers',
      },
    });
  });

  it('by the framework', () => {
    expect(answerRefusal(new AuthError('missing-token'), 'forward', request)).toBeUndefined();
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
    expect(answerRefusal(error, own, request)).toEqual({ status: 418, headers: {}, body: '' });
    expect(own).toHaveBeenCalledWith(error, request);
  });

  it('may be a text, sent as it is', () => {
    const own = () => ({ status: 403, headers: { 'X-A': '1' }, body: 'no' });
    expect(answerRefusal(error, own, request)).toEqual({
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
    expect(answerRefusal(error, () => ({ status: 400, body }), request)).toEqual({
      status: 400,
      headers: { 'Content-Type': json },
      body: text,
    });
  });

  it('may be JSON under another name', () => {
    const headers = { 'Content-Type': 'application/vnd.api+json' };
    expect(answerRefusal(error, () => ({ status: 400, headers, body: {} }), request)).toEqual({
      status: 400,
      headers,
      body: '{}',
    });
  });
});
