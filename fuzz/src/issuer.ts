import { request } from 'node:http';
import fc, { type Arbitrary } from 'fast-check';
import {
  createDevelopmentIssuer,
  type DevelopmentIssuer,
} from '@hasura-auth/testing/development-issuer';
import { headerValue } from './hostile-values.js';
import type { Part } from './part.js';

interface Sent {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'OPTIONS' | 'PUT';
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly host: string;
  readonly origin: string | undefined;
  readonly authorization: string;
  readonly type: string;
}

interface Received {
  readonly status: number;
  readonly location: string | undefined;
  readonly type: string;
  readonly text: string;
}

const ownHosts = ['127.0.0.1', 'localhost'];
const foreignHosts = ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '[::1]'];
const foreignOrigins = ['https://evil.example', 'null', 'http://localhost.evil.example'];
const paths = [
  '/',
  '/.well-known/openid-configuration',
  '/.well-known/jwks.json',
  '/authorize',
  '/token',
  '/userinfo',
  '/end-session',
  '/control',
  '/control/rotate',
  '/control/logout',
  '/control/back-channel',
  '//evil.example/token',
  '/%00',
];

const tooLarge = 'x'.repeat(17_000);

const text: Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', '7', 'user', 'user,editor', 'x-hasura-role: admin', 'x-hasura-a: 1', 'a'),
  fc.constantFrom('x'.repeat(300), 'x'.repeat(3000), '\u0000', '"><script>', '\r\nX: y'),
);
const redirectUri: Arbitrary<string> = fc.oneof(
  fc.constantFrom('http://localhost:1/', 'http://127.0.0.1/a?b=c', 'http://localhost/%0d%0aX: y'),
  fc.constantFrom('https://evil.example/', 'http://localhost@evil.example/', 'javascript:1'),
  fc.constantFrom('http://localhost\\@evil.example/', '//evil.example', 'http://localhost.', ''),
  fc.webUrl(),
  text,
);

/** A form that is often nearly right. */
const form: Arbitrary<string> = fc
  .record(
    {
      grant_type: fc.constantFrom('client_credentials', 'authorization_code', ''),
      response_type: fc.constantFrom('code', 'code', 'token'),
      client_id: text,
      redirect_uri: redirectUri,
      post_logout_redirect_uri: redirectUri,
      code_challenge: fc.constantFrom('x'.repeat(43), ''),
      code_challenge_method: fc.constantFrom('S256', 'S256', 'plain'),
      code: text,
      state: text,
      nonce: text,
      scope: fc.constantFrom('openid', ''),
      user: text,
      roles: text,
      variables: text,
      expires_in: text,
      id_token_hint: headerValue(['a.b.c']),
      uri: redirectUri,
      sub: text,
    },
    { requiredKeys: ['redirect_uri', 'response_type', 'code_challenge', 'code_challenge_method'] },
  )
  .map((fields) => new URLSearchParams(fields).toString());

const sent: Arbitrary<Sent> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'POST', 'HEAD', 'OPTIONS', 'PUT'),
  path: fc.constantFrom(...paths),
  query: fc.oneof(form, fc.constantFrom('', '%', '&&==')),
  body: fc.oneof(form, fc.string({ unit: 'binary', maxLength: 60 }), fc.constant(tooLarge)),
  host: fc.constantFrom(...ownHosts, ...ownHosts, ...foreignHosts),
  origin: fc.constantFrom(undefined, undefined, 'http://localhost:5173', ...foreignOrigins),
  authorization: headerValue(['a.b.c']).map((value) =>
    value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ' '),
  ),
  type: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', ''),
});

/** The response; undefined if the connection ended before the whole request was sent. */
function exchange(issuer: DevelopmentIssuer, input: Sent): Promise<Received | undefined> {
  const { method, path, query, body, host, origin, authorization, type } = input;
  const { hostname, port } = new URL(issuer.issuer);
  const headers = {
    host,
    authorization,
    'content-type': type,
    ...(origin !== undefined && { origin }),
  };
  return new Promise((resolve, reject) => {
    const posted = request(
      { hostname, port, path: `${path}?${query}`, method, headers, agent: false },
      (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (part: string) => (received += part));
        response.on('end', () => {
          const { statusCode: status = 0, headers: answered } = response;
          const { location, 'content-type': type = '' } = answered;
          resolve({ status, location, type, text: received });
        });
      },
    );
    posted.on('error', (error: NodeJS.ErrnoException) => {
      // the rest of a body that is too large is not read
      if (error.code === 'EPIPE' || error.code === 'ECONNRESET') resolve(undefined);
      else reject(error);
    });
    posted.end(method === 'GET' || method === 'HEAD' ? undefined : body);
  });
}

/** What must hold of every response. */
function check(input: Sent, { status, location, type, text: received }: Received): void {
  if (status === 431) return; // the header block is larger than Node reads
  const foreign = foreignHosts.includes(input.host) || foreignOrigins.includes(input.origin ?? '');
  if (foreign !== (status === 403)) throw new Error(`status ${String(status)} for a foreign page`);
  if (status >= 500) throw new Error(`status ${String(status)}: ${received}`);
  if (location !== undefined && location !== '/') {
    const { hostname, protocol } = new URL(location);
    if (!ownHosts.includes(hostname) || !protocol.startsWith('http'))
      throw new Error(`leads to another machine: ${location}`);
  }
  if (received.includes('"access_token"') && (input.path !== '/token' || input.method !== 'POST'))
    throw new Error(`a token from ${input.method} ${input.path}`);
  if (type.startsWith('text/html') && received.includes('<script'))
    throw new Error(`a script in a page: ${received}`);
}

/** Requests of web pages, clients and strangers at the development issuer. */
export const issuerPart: Part = {
  name: 'issuer',
  async start() {
    const issuer = await createDevelopmentIssuer({ algorithm: 'ES256' });
    return {
      property: fc.asyncProperty(sent, async (input) => {
        const received = await exchange(issuer, input);
        if (received !== undefined) check(input, received);
      }),
      finish: () => issuer.close(),
    };
  },
};
