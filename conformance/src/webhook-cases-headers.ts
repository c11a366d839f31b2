import { accepted, ownHost, type WebhookCase } from './webhook-case.js';

const keptBack = {
  expect: '100-continue',
  'transfer-encoding': 'chunked',
  upgrade: 'marked',
  'content-length': '0',
  'content-md5': 'marked',
  'user-agent': 'marked',
  origin: 'http://marked.example',
  referer: 'http://marked.example/',
  accept: 'text/marked',
  'accept-encoding': 'marked',
  'accept-language': 'marked',
  'accept-datetime': 'marked',
  'cache-control': 'marked',
  connection: 'close',
  dnt: '1',
  'content-type': 'text/marked',
  'keep-alive': 'timeout=5',
  'proxy-authenticate': 'marked',
  'proxy-authorization': 'marked',
  'proxy-connection': 'marked',
  te: 'trailers',
  'http2-settings': 'marked',
};

/** What Node's `fetch` puts in their place, all its own. */
const ofFetch: Readonly<Record<string, string>> = {
  'user-agent': 'node',
  accept: '*/*',
  'accept-encoding': 'gzip, deflate',
  'accept-language': '*',
  connection: 'keep-alive',
};

const forwarded = {
  authorization: 'Bearer marked',
  cookie: 'a=1; b=2',
  'x-hasura-role': 'admin',
  'x-hasura-user-id': '7',
  'x-forwarded-for': '192.0.2.1',
  'x-empty': '',
  'x-utf-8': Buffer.from('Käse ✓').toString('latin1'),
  'x-no-utf-8': 'caf\xe9',
};
/** The two as text, for a JSON body; a GET hook receives the bytes as they came. */
const asText = { 'x-utf-8': 'Käse ✓', 'x-no-utf-8': 'caf\ufffd' };

const everything = { ...forwarded, 'user-agent': 'a', origin: 'b', connection: 'close', dnt: '1' };

/** Which of the client's headers the hook receives, in both modes. */
export const headerCases: readonly WebhookCase[] = [
  ...Object.entries(keptBack).map(([name, value]) => ({
    name: `GET: ${name} is kept back`,
    request: { headers: { [name]: value, 'auth-user-id': '1' } },
    expect: {
      ...accepted,
      received: { method: 'GET', headers: { [name]: ofFetch[name] ?? null, 'auth-user-id': '1' } },
    },
  })),
  {
    name: 'GET: trailer is kept back',
    request: { headers: { trailer: 'marked', 'transfer-encoding': 'chunked' } },
    expect: { ...accepted, received: { headers: { trailer: null, 'transfer-encoding': null } } },
  },
  {
    name: 'GET: everything else is forwarded',
    request: { headers: forwarded },
    expect: { ...accepted, received: { method: 'GET', headers: forwarded } },
  },
  {
    name: 'GET: the host is the hook’s own',
    request: { headers: { host: 'marked.example' } },
    expect: { ...accepted, received: { headers: { host: ownHost } } },
  },
  {
    name: 'GET: nothing goes with it but headers',
    request: {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{a}"}',
    },
    expect: {
      ...accepted,
      received: { method: 'GET', headers: { 'content-length': null }, text: '' },
    },
  },
  {
    name: 'GET: a client cannot take headers away by its Connection header',
    request: { headers: { connection: 'close, x-verified', 'x-verified': 'no' } },
    expect: { ...accepted, received: { headers: { 'x-verified': 'no' } } },
  },
  {
    name: 'GET: several headers of one name are one',
    request: { headers: { 'x-team': ['a', 'b'], cookie: ['a=1', 'b=2'] } },
    expect: { ...accepted, received: { headers: { 'x-team': 'a, b', cookie: 'a=1; b=2' } } },
  },
  {
    name: 'GET: names are forwarded in any case',
    request: { headers: { 'AUTH-User-ID': '1' } },
    expect: { ...accepted, received: { headers: { 'auth-user-id': '1' } } },
  },
  {
    name: 'POST: every header of the client is in the body, and none beside it',
    hook: { mode: 'POST', sendRequestBody: false },
    request: { headers: { host: 'marked.example', ...everything } },
    expect: {
      ...accepted,
      received: {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: null, host: ownHost },
        body: { headers: { host: 'marked.example', ...everything, ...asText } },
      },
    },
  },
  {
    name: 'POST: names are written as the client wrote them',
    hook: { mode: 'POST', sendRequestBody: false },
    request: {
      headers: { Host: 'h', Connection: 'close', 'AUTH-User-ID': '1', 'x-Team': ['a', 'b'] },
    },
    expect: {
      ...accepted,
      received: {
        body: {
          headers: { Host: 'h', Connection: 'close', 'AUTH-User-ID': '1', 'x-Team': 'a, b' },
        },
      },
    },
  },
  {
    name: 'POST: a header by the name of a prototype is a header',
    hook: { mode: 'POST', sendRequestBody: false },
    request: { headers: { host: 'h', connection: 'close', ['__proto__']: 'a', constructor: 'b' } },
    expect: { ...accepted, received: { method: 'POST' } },
  },
  ...(['GET', 'POST'] as const).flatMap((mode): WebhookCase[] => [
    {
      name: `${mode}: a right admin secret is enough, and the hook is not asked`,
      hook: { mode },
      request: { headers: { 'x-hasura-admin-secret': 'the right admin secret' } },
      expect: { ...accepted, by: 'admin-secret', received: 'nothing' },
    },
    {
      name: `${mode}: a wrong one is refused, and the hook is not asked`,
      hook: { mode },
      request: { headers: { 'x-hasura-access-key': 'marked' } },
      expect: {
        status: 401,
        code: 'access-denied',
        message: 'invalid x-hasura-admin-secret/x-hasura-access-key',
        received: 'nothing',
      },
    },
  ]),
];
