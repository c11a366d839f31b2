import { clientHeaders } from '../../src/connection/client-headers.js';
import { refusal } from '../thrown.js';

const read = (params: unknown): Record<string, string> => Object.fromEntries(clientHeaders(params));

test.each([[undefined], [null], [{}], [{ headers: null }], [{ headers: {} }]])(
  '%p brings no headers',
  (params) => {
    expect(read(params)).toEqual({});
  },
);

test('headers are read from the member of that name, and in the older spelling from the top', () => {
  const headers = { Authorization: 'Bearer x', 'X-Hasura-Role': '' };
  const lower = { authorization: 'Bearer x', 'x-hasura-role': '' };
  expect(read({ headers })).toEqual(lower);
  expect(read(headers)).toEqual(lower);
  expect(read({ headers: { cookie: 'a=b' }, 'x-token': 'y' })).toEqual({
    cookie: 'a=b',
    'x-token': 'y',
  });
});

test('at the top, what is no header is left alone', () => {
  const session = { role: 'admin', sessionVariables: { 'x-hasura-role': 'admin' } };
  const others = { session, lazy: true, retries: 3, tags: ['a'], 'not a header name': 'x' };
  expect(read({ ...others, authorization: null, 'x-hasura-role': null })).toEqual({});
});

test('what only a handshake can say is not read', () => {
  const said = {
    Origin: 'https://app.example.com',
    Host: 'app.example.com',
    'X-Forwarded-For': '10.0.0.1',
    Forwarded: 'for=10.0.0.1',
    Via: '1.1 proxy',
    'X-Real-IP': '10.0.0.1',
    'Sec-Fetch-Site': 'same-origin',
  };
  expect(read({ headers: { ...said, 'x-hasura-role': 'user' } })).toEqual({
    'x-hasura-role': 'user',
  });
});

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${String(index)}`, '']));

test.each<[string, unknown, string]>([
  ['a text', 'authorization', 'an object is expected'],
  ['a list', [], 'an object is expected'],
  ['headers that are a list', { headers: [] }, 'headers must be an object of strings'],
  ['headers that are a text', { headers: 'x' }, 'headers must be an object of strings'],
  ['a header that is a number', { headers: { a: 1 } }, 'headers must be an object of strings'],
  ['a header that is null', { headers: { a: null } }, 'headers must be an object of strings'],
  ['a header that is an object', { headers: { a: {} } }, 'headers must be an object of strings'],
  ['a name that is none', { headers: { 'a b': 'x' } }, 'headers has a name that is no header name'],
  ['an empty name', { headers: { '': 'x' } }, 'headers has a name that is no header name'],
  [
    'a second header in a value',
    { headers: { a: 'x\r\nb: y' } },
    'a header has a control character',
  ],
  ['a second header at the top', { a: 'x\ny' }, 'a header has a control character'],
  ['a role that is a list', { 'X-Hasura-Role': ['admin'] }, 'a header must be a string'],
  ['a token that is an object', { authorization: { token: 'x' } }, 'a header must be a string'],
  ['one name in two cases', { headers: { a: 'x', A: 'x' } }, 'two headers have the same name'],
  ['one name in both places', { headers: { a: 'x' }, A: 'y' }, 'two headers have the same name'],
  ['101 headers', { headers: many(101) }, 'too many or too long'],
  ['too much text', { headers: { a: 'x'.repeat(32_768) } }, 'too many or too long'],
])('%s is refused', (_name, params, detail) => {
  expect(refusal(() => clientHeaders(params))).toMatchObject({
    kind: 'bad-connection-params',
    code: 'invalid-headers',
    status: 400,
    message: `Malformed connection parameters: ${detail}`,
  });
});

test('what fits is read to the last', () => {
  expect(clientHeaders({ headers: many(100) }).size).toBe(100);
  expect(clientHeaders({ headers: { a: 'x'.repeat(32_767) } }).size).toBe(1);
});

test('names that objects inherit are names like others', () => {
  const params: unknown = JSON.parse('{"headers":{"__proto__":"a","constructor":"b"}}');
  expect([...clientHeaders(params)]).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});
