import type { Json, SentRequest, WebhookAnswer } from '@hasura-auth/testkit';

import { accepted, type WebhookCase } from './webhook-case.js';

const json = (body: Json, path = '/graphql'): SentRequest => raw(JSON.stringify(body), path);
const raw = (body: string, path = '/graphql', type = 'application/json'): SentRequest => ({
  method: 'POST',
  path,
  headers: { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) },
  body,
});
const get = (query: Readonly<Record<string, string>>): SentRequest => ({
  path: `/graphql?${new URLSearchParams(query).toString()}`,
});

const query = 'query allUsers { users { id name } }';
const other = 'mutation add($id: Int!) { add(id: $id) { id } }';
const notOne = [
  ['no object', 'invalid-query'],
  ['a number', 7],
  ['null', null],
  ['an object without a query', { operationName: 'a' }],
  ['a query of another type', { query: 1 }],
  ['a name of another type', { query, operationName: 1 }],
  ['variables of another type', { query, variables: '{}' }],
  ['a list for variables', { query, variables: [1] }],
  ['a batch with something else in it', [{ query }, { id: 'persisted' }]],
] as const;

/** 80 kB: what body parsers read by default, and deeper than JSON can be written. */
const nested = `{"query":"{a}","variables":{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`;

/** What the client sends, and what the hook receives of it as `request`. */
const requests: readonly [name: string, sent: SentRequest, received: Json][] = [
  [
    'query and name',
    json({ query, operationName: 'allUsers' }),
    { query, operationName: 'allUsers' },
  ],
  [
    'a mutation with variables',
    json({ query: other, variables: { id: 4, deep: [{ a: null }] }, operationName: 'add' }),
    { query: other, variables: { id: 4, deep: [{ a: null }] }, operationName: 'add' },
  ],
  [
    'members that are null are left out',
    json({ query, operationName: null, variables: null }),
    { query },
  ],
  ['nothing else of the body', json({ query, extensions: { a: 1 }, id: 'marked' }), { query }],
  ['a query that is no GraphQL', json({ query: 'invalid-query' }), { query: 'invalid-query' }],
  [
    'a batch',
    json([{ query }, { query: other, variables: { id: 1 } }]),
    [{ query }, { query: other, variables: { id: 1 } }],
  ],
  ['an empty batch', json([]), []],
  ...notOne.map(([name, body]): [string, SentRequest, Json] => [`null: ${name}`, json(body), null]),
  ['null: a body that is no JSON', raw('{"query": "marked'), null],
  ['null: a body that is nested too deep to be written as JSON', raw(nested), null],
  ['null: a batch with such a body in it', raw(`[{"query":"{a}"},${nested}]`), null],
  ['null: a body of another kind', raw('marked', '/graphql', 'text/plain'), null],
  ['null: no body', { method: 'POST', path: '/graphql', headers: { 'content-length': '0' } }, null],
  ['null: a GET without a query', { path: '/graphql' }, null],
  ['null: a GET whose address has others', get({ id: '1' }), null],
  ['a GET with its query in the address', get({ query }), { query }],
  [
    'a GET with everything in the address',
    get({ query: other, operationName: 'add', variables: '{"id":4}' }),
    { query: other, operationName: 'add', variables: { id: 4 } },
  ],
  ['null: variables in the address that are no JSON', get({ query, variables: '{' }), null],
  ['null: variables in the address that are no object', get({ query, variables: '"a"' }), null],
  [
    'a GET’s query is in its address, whatever its body says',
    { ...json({ query: 'harmless' }), method: 'GET', ...get({ query: other }) },
    { query: other },
  ],
  [
    'null: a GET with a query in its body alone, which nothing runs',
    { ...json({ query }), method: 'GET' },
    null,
  ],
  [
    'a POST’s query is in its body, whatever its address says',
    json({ query }, '/graphql?query=harmless'),
    { query },
  ],
  [
    'null: a POST without one in its body, whatever its address says',
    json({}, `/graphql?query=%7Ba%7D`),
    null,
  ],
  [
    'null: a batch with such a member, whatever its address says',
    json([{ query }, { id: 1 }], '/graphql?query=harmless'),
    null,
  ],
  [
    'null: a persisted query, whatever its address says',
    json({ extensions: { persistedQuery: { version: 1 } } }, '/graphql?query=harmless'),
    null,
  ],
];

const bare = {
  host: 'h',
  connection: 'close',
  'content-type': 'application/json',
  'content-length': '48',
};

const early = 'no body parser had read';
/** Only in these cases the log says that a JSON body was not parsed. */
const logOf = (name: string): string[] => (name.endsWith('no JSON') ? [early] : []);

/** The hook of the engine's own tests: responds with the client's header. */
const byHeader = (id: string): WebhookAnswer => ({
  body: { 'x-hasura-role': 'user', 'x-hasura-user-id': id },
});

/** What a POST hook receives of the GraphQL request, and the engine's own tests of it. */
export const requestCases: readonly WebhookCase[] = [
  ...requests.map(([name, request, received]): WebhookCase => ({
    name: `POST: ${name}`,
    hook: { mode: 'POST' },
    request,
    expect: { ...accepted, received: { method: 'POST', request: received }, mayLog: logOf(name) },
  })),
  {
    name: 'POST: without sendRequestBody there is no member request',
    hook: { mode: 'POST', sendRequestBody: false },
    request: { ...json({ query }), headers: bare },
    expect: { ...accepted, received: { body: { headers: bare } } },
  },
  {
    name: 'the engine: role and user id are those of the answer',
    hook: { mode: 'POST' },
    request: {
      ...json({ query }),
      headers: { 'auth-user-id': '4', 'content-type': 'application/json' },
    },
    answer: byHeader('4'),
    expect: { status: 200, variables: { 'x-hasura-role': 'user', 'x-hasura-user-id': '4' } },
  },
  {
    name: 'the engine: the requested role and the client’s own variables are not looked at',
    request: {
      headers: { 'x-hasura-role': 'admin', 'x-hasura-user-id': '7', 'x-hasura-org': 'a' },
    },
    answer: byHeader('1'),
    expect: { status: 200, variables: { 'x-hasura-role': 'user', 'x-hasura-user-id': '1' } },
  },
  {
    name: 'the engine: a request with an invalid query is authenticated all the same',
    hook: { mode: 'POST' },
    request: json('invalid-query'),
    answer: byHeader('1'),
    expect: { status: 200, variables: { 'x-hasura-role': 'user', 'x-hasura-user-id': '1' } },
  },
];
