import { anyRequest, type AuthRequest } from '../../src/request.js';
import { graphqlRequest, warnOfUnparsedBody } from '../../src/webhook/graphql-request.js';
import { parseHook } from '../../src/webhook/options.js';

const query = '{ a }';
const at = (url: string, method?: string, body?: unknown): unknown =>
  graphqlRequest({ headers: {}, method, url, body });
const inBody = (body: unknown): unknown => graphqlRequest({ headers: {}, method: 'POST', body });

describe('the GraphQL request in a body', () => {
  it.each([
    [{ query }, { query }],
    [
      { query, operationName: 'a', variables: { b: 1 } },
      { query, operationName: 'a', variables: { b: 1 } },
    ],
    [
      { query, operationName: '', variables: {} },
      { query, operationName: '', variables: {} },
    ],
    [{ query, operationName: null, variables: null }, { query }],
    [{ query, operationName: undefined, variables: undefined }, { query }],
    [{ query: '' }, { query: '' }],
    [
      [{ query }, { query, extensions: {} }],
      [{ query }, { query }],
    ],
    [[], []],
  ])('of %j is %j', (body, request) => {
    expect(inBody(body)).toEqual(request);
  });

  it.each([
    [undefined],
    [null],
    ['{"query":"{ a }"}'],
    [Buffer.from('{"query":"{ a }"}')],
    [7],
    [{}],
    [{ query: [query] }],
    [{ query, operationName: 1 }],
    [{ query, variables: 'a' }],
    [{ query, variables: [] }],
    [[{ query }, null]],
    [[[{ query }]]],
  ])('of %j is null', (body) => {
    expect(inBody(body)).toBeNull();
  });
});

describe('the GraphQL request in a query string', () => {
  it.each(['GET', 'HEAD', undefined])('is read if there is no other (method %s)', (method) => {
    expect(at('/?query=%7B+a+%7D&operationName=a&variables=%7B%22b%22%3A1%7D', method)).toEqual({
      query,
      operationName: 'a',
      variables: { b: 1 },
    });
  });

  it.each([
    '/',
    '/?',
    '/?a=b',
    '/?variables={}',
    '/?query={a}&variables={',
    '/?query={a}&variables=1',
  ])('of %s is null', (url) => {
    expect(at(url, 'GET')).toBeNull();
  });

  it('is the only one that counts for GET and HEAD; for other methods the body comes first', () => {
    const [url, body] = ['/?query=%7Bb%7D', { query }];
    expect(at(url, 'GET', body)).toEqual({ query: '{b}' });
    expect(at(url, 'HEAD', body)).toEqual({ query: '{b}' });
    expect(at('/', 'GET', body)).toBeNull();
    expect(at(url, 'POST', body)).toEqual({ query });
    expect(at(url, undefined, body)).toEqual({ query });
  });

  it.each([
    [undefined], // none, or one that no parser has read
    [null],
    [{}],
    [{ extensions: { persistedQuery: { sha256Hash: 'a' } } }],
    [{ query, variables: '{}' }],
    [[{ query }, { id: 1 }]],
    [[]],
    ['query=%7Ba%7D'],
    [Buffer.from('{ a }')],
    [0],
  ])('does not stand in for a body that is no GraphQL request: %j', (body) => {
    const found = at('/?query=%7Bb%7D', 'POST', body);
    expect(found === null || (Array.isArray(found) && found.length === 0)).toBe(true);
  });
});

describe('a JSON body that no parser has read', () => {
  const lines: string[] = [];
  const logger = { warn: (line: string) => lines.push(line), error: () => undefined };
  const watcher = (options: object = {}) => {
    const hook = parseHook(
      { url: 'https://hook.example/', mode: 'POST', ...options },
      'a',
      () => 0,
    );
    const watch = warnOfUnparsedBody(hook, logger);
    return (request: AuthRequest): void => watch(anyRequest(request));
  };
  const type = { 'content-type': 'application/json' };
  const unparsed: AuthRequest = { method: 'POST', headers: { ...type, 'content-length': '9' } };
  beforeEach(() => lines.splice(0));

  it('is warned of once', () => {
    const watch = watcher();
    watch(unparsed);
    watch(unparsed);
    expect(lines).toEqual([expect.stringContaining('register the parser before hasuraAuth')]);
  });

  it.each([
    ['without a length', { ...unparsed, headers: { ...type, 'transfer-encoding': 'chunked' } }],
    [
      'of a type for GraphQL',
      {
        ...unparsed,
        headers: { 'content-type': 'Application/GraphQL+JSON', 'content-length': '9' },
      },
    ],
    ['without a known method', { headers: unparsed.headers }],
  ])('is warned of %s', (_name, request) => {
    watcher()(request);
    expect(lines).toHaveLength(1);
  });

  it.each([
    ['was parsed', { ...unparsed, body: {} }],
    ['was parsed as null', { ...unparsed, body: null }],
    ['is empty', { method: 'POST', headers: { ...type, 'content-length': '0' } }],
    ['is not announced', { method: 'POST', headers: type }],
    [
      'has another type',
      { ...unparsed, headers: { 'content-type': 'text/plain', 'content-length': '9' } },
    ],
    ['has no type', { ...unparsed, headers: { 'content-length': '9' } }],
    ['belongs to a GET', { ...unparsed, method: 'GET' }],
    ['belongs to a HEAD', { ...unparsed, method: 'HEAD' }],
  ])('is not warned of if it %s', (_name, request) => {
    watcher()(request);
    expect(lines).toEqual([]);
  });

  it.each([{ mode: 'GET' }, { sendRequestBody: false }])(
    'is not warned of if the hook does not get it: %j',
    (options) => {
      watcher(options)(unparsed);
      expect(lines).toEqual([]);
    },
  );
});
