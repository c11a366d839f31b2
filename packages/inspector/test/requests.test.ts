import type { AuthRequest } from '@hasura-auth/core';
import { InputError, readRequest, tokenHeaderOf } from '@hasura-auth/inspector/reading';

/** What a request is read as, without the second form of its headers. */
function read(text: string): Omit<AuthRequest, 'rawHeaders'> {
  const { rawHeaders: _raw, ...request } = readRequest(text);
  return request;
}

const asBearer = { headers: { authorization: 'Bearer a.b.c' } };

it.each([
  ['a bare token', ' a.b.c\n'],
  ['a token with its scheme', 'Bearer a.b.c'],
  ['a header line', 'Authorization: Bearer a.b.c'],
  ['a header line with the line breaks of Windows', 'Authorization: Bearer a.b.c\r\n'],
  ['headers in JSON', '{"Authorization": "Bearer a.b.c"}'],
  ['text after a byte order mark', '\uFEFFa.b.c'],
])('%s is read as a request with the token', (_what, text) => {
  expect(read(text)).toEqual(asBearer);
});

it('a token that a terminal has broken into lines is joined', () => {
  expect(read('eyJhbGci\n  OiJ.eyJ\nzdWI.abc')).toEqual({
    headers: { authorization: 'Bearer eyJhbGciOiJ.eyJzdWI.abc' },
  });
});

it('a bare token is put where the configuration reads it', () => {
  const cookie = {
    jwk_url: 'https://issuer.example/keys',
    header: { type: 'Cookie', name: 'session' },
  } as const;
  const header = JSON.stringify({ type: 'CustomHeader', name: 'x-token' });
  expect(readRequest('a.b.c', tokenHeaderOf({ jwtSecret: cookie })).headers).toEqual({
    cookie: 'session=a.b.c',
  });
  expect(readRequest('a.b.c', tokenHeaderOf({ jwtSecrets: [{ header }] })).headers).toEqual({
    'x-token': 'a.b.c',
  });
  expect(tokenHeaderOf({ jwtSecret: '{"header":' })).toEqual({ type: 'Authorization' });
  expect(tokenHeaderOf({ adminSecret: 'a' })).toEqual({ type: 'Authorization' });
});

it('header lines become headers, with the request line before them and without the body', () => {
  const text = 'POST /v1/graphql HTTP/1.1\nHost: localhost\n:path: /x\nX-Hasura-Role: user\n\n{}';
  expect(readRequest(text)).toEqual({
    headers: { host: 'localhost', 'x-hasura-role': 'user' },
    rawHeaders: ['Host', 'localhost', 'X-Hasura-Role', 'user'],
    method: 'POST',
    url: '/v1/graphql',
  });
});

it('a header that comes twice has both values, and any name is a name', () => {
  expect(read('__proto__: a\nCookie: a=1\nCookie: b=2').headers).toEqual(
    Object.assign(Object.create(null), { ['__proto__']: 'a', cookie: ['a=1', 'b=2'] }),
  );
});

describe('a curl command', () => {
  it('becomes its request', () => {
    const text = `$ curl 'http://localhost:8080/v1/graphql?x=1' -sSX POST \\
      -H "Authorization: Bearer a.b.c" -b 'session=1' --data-raw $'{"query":"{ me\\u0020{ id } }"}' | jq .`;
    expect(read(text)).toEqual({
      headers: { authorization: 'Bearer a.b.c', cookie: 'session=1' },
      method: 'POST',
      url: '/v1/graphql?x=1',
      body: { query: '{ me { id } }' },
    });
  });

  it.each([
    ['curl -XPUT http://h/a', { method: 'PUT', url: '/a', headers: {} }],
    ['curl -I http://h/', { method: 'HEAD', url: '/', headers: {} }],
    ['curl h/a?b', { method: 'GET', url: '/a?b', headers: {} }],
    ['curl --url http://h/b -o out.json', { method: 'GET', url: '/b', headers: {} }],
    ['curl http://h/ -d a=1 -d b=2 -G', { method: 'GET', url: '/', headers: {} }],
    ['curl http://h/ -d @body.json', { method: 'POST', url: '/', headers: {} }],
    ['curl http://h/ --json {}', { method: 'POST', url: '/', headers: {}, body: {} }],
    ["curl http://h/ -H 'X-A;' -H 'Accept:'", { method: 'GET', url: '/', headers: { 'x-a': '' } }],
    ['curl http://h/ -H"a: b"', { method: 'GET', url: '/', headers: { a: 'b' } }],
    [
      'curl http://h/ -A me -e there',
      { method: 'GET', url: '/', headers: { 'user-agent': 'me', referer: 'there' } },
    ],
    ['curl http://h/ --oauth2-bearer a.b.c', { method: 'GET', url: '/', ...asBearer }],
    [
      'curl http://h/ -u user:pass',
      { method: 'GET', url: '/', headers: { authorization: 'Basic dXNlcjpwYXNz' } },
    ],
    ['curl.exe http://h/ # a comment', { method: 'GET', url: '/', headers: {} }],
    ['curl http://h/ -H a:\\ b', { method: 'GET', url: '/', headers: { a: 'b' } }],
    [
      "curl http://h/ -H $'a: \\x41\\102\\t\\'\\U1F600'",
      { method: 'GET', url: '/', headers: { a: "AB\t'😀" } },
    ],
  ])('%s', (text, request) => {
    expect(read(text)).toEqual(request);
  });
});

it.each([
  ['', 'the text is empty'],
  ['hello there', 'a line has no colon'],
  ['a b: c', 'a header has a name that HTTP does not allow'],
  ['{"a": 1}', 'whose values are the texts of headers'],
  ['{"a":', 'is not JSON'],
  ["curl http://h/ -H 'a: b", 'a quote in the command is not closed'],
  ['curl http://h/ -H "a: b', 'a quote in the command is not closed'],
  ["curl http://h/ -H $'a: b", 'a quote in the command is not closed'],
  ['curl http://h/ -H @headers.txt', 'reads its headers from a file'],
  ['curl http://h/ -H nothing', 'a header of the curl command has no colon'],
  ['curl http://h/ -b cookies.txt', 'reads its cookies from a file'],
  ['curl http://h/ -H', 'the last option of the curl command has no value'],
  ['curl ^"http://h/^" -H ^"a: b^"', 'copy it as cURL (bash)'],
  [`curl http://h/ -H $'a: b\\nc: d'`, 'contains a line break'],
  ['a: b\n'.repeat(1001), 'more than 1000 headers'],
  ['x'.repeat(1_048_577), 'longer than 1 MiB'],
])('%# what cannot be read is an InputError in one sentence', (text, sentence) => {
  expect(() => readRequest(text)).toThrow(InputError);
  expect(() => readRequest(text)).toThrow(sentence);
});

it('an input of another type is an InputError', () => {
  expect(() => readRequest(undefined as unknown as string)).toThrow(InputError);
});
