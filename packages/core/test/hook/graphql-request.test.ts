import { graphqlRequest } from '../../src/webhook/graphql-request.js';

const query = '{ a }';
const at = (url: string, method?: string, body?: unknown): unknown =>
  graphqlRequest({ headers: {}, method, url, body });
const inBody = (body: unknown): unknown => graphqlRequest({ headers: {}, method: 'POST', body });

describe('the GraphQL request of a body', () => {
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
  ])('of %j is %j', (body, told) => {
    expect(inBody(body)).toEqual(told);
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

describe('the GraphQL request of an address', () => {
  it.each(['GET', 'HEAD', 'POST', undefined])('is read where there is no other (%s)', (method) => {
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

  it('is the only one of GET and HEAD, and comes after the body elsewhere', () => {
    const [url, body] = ['/?query=%7Bb%7D', { query }];
    expect(at(url, 'GET', body)).toEqual({ query: '{b}' });
    expect(at(url, 'HEAD', body)).toEqual({ query: '{b}' });
    expect(at('/', 'GET', body)).toBeNull();
    expect(at(url, 'POST', body)).toEqual({ query });
    expect(at(url, undefined, body)).toEqual({ query });
  });
});
