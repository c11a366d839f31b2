import type { Answer } from './answer.js';
import type { Configuration } from './configuration.js';
import type { TokenSigner } from './token-signer.js';

/** One request and its expected response, as data: the demo prints it, and the tests run what is printed. */
export interface CurlLine {
  readonly title: string;
  readonly path: string;
  readonly headers: readonly Header[];
  /** A JSON body; with it, the request is a POST. */
  readonly body?: string;
  readonly status: number;
  readonly answer: Answer;
  /** What the explanation of a rejected request cannot say, because it is of the route and not of the credentials. */
  readonly note?: string;
}

/** A header; its value is the concatenation of the parts. */
export type Header = readonly [name: string, ...value: readonly HeaderPart[]];

/** A part of a header's value: text, a token of the issuer, or an expression for the shell. */
export type HeaderPart =
  | { readonly kind: 'text' | 'shell'; readonly value: string }
  | { readonly kind: 'token'; readonly query: string };

const json = header('Content-Type', 'application/json');
const body = '{"title":"Hello"}';
const editor = header('x-hasura-role', 'editor');
const guarded: Answer = {
  kind: 'refusal',
  code: 'access-denied',
  message: 'Your current role is not allowed here',
};

/** The requests that are possible with a configuration. */
export function curlLines({
  signer,
  adminSecret,
  withoutCredentials,
}: Configuration): readonly CurlLine[] {
  return [
    ...(typeof signer === 'string' ? [] : tokenLines(signer)),
    ...adminLines(['x-hasura-admin-secret', adminSecret]),
    ...linesWithoutCredentials(withoutCredentials),
  ];
}

function tokenLines({ location, skew }: TokenSigner): readonly CurlLine[] {
  const token = (query: string): Header => [
    location.header,
    { kind: 'text', value: location.prefix },
    { kind: 'token', query },
  ];
  const user = token('user=1&role=user&roles=user,editor');
  return [
    {
      title: 'As a user',
      path: '/me',
      headers: [user],
      status: 200,
      answer: { kind: 'session', role: 'user', user: '1' },
    },
    {
      title: 'The articles of this user',
      path: '/articles',
      headers: [user],
      status: 200,
      answer: { kind: 'articles', author: '1' },
    },
    {
      title: 'This role may not write',
      path: '/articles',
      headers: [user, json],
      body,
      status: 403,
      answer: guarded,
      note: "the token is accepted with the role user; requireRole('editor') of this route rejects it",
    },
    {
      title: 'As another role of the token, which may write',
      path: '/articles',
      headers: [token('user=2&role=user&roles=user,editor'), editor, json],
      body,
      status: 201,
      answer: { kind: 'created', author: '2' },
    },
    {
      title: 'As a role that the token does not allow',
      path: '/me',
      headers: [token('user=1&role=user&roles=user'), editor],
      status: 403,
      answer: {
        kind: 'refusal',
        code: 'access-denied',
        message: 'Your requested role is not in allowed roles',
      },
    },
    {
      title: 'With an expired token',
      path: '/me',
      headers: [token(`user=1&role=user&expires=${String(-60 - skew)}`)],
      status: 401,
      answer: {
        kind: 'refusal',
        code: 'invalid-jwt',
        message: 'Could not verify JWT: JWTExpired',
      },
    },
  ];
}

function adminLines(secret: Header): readonly CurlLine[] {
  return [
    {
      title: 'As admin',
      path: '/me',
      headers: [secret],
      status: 200,
      answer: { kind: 'session', role: 'admin' },
    },
    {
      title: 'As admin, acting as a user',
      path: '/me',
      headers: [secret, header('x-hasura-role', 'user'), header('x-hasura-user-id', '2')],
      status: 200,
      answer: { kind: 'session', role: 'user', user: '2' },
    },
  ];
}

function linesWithoutCredentials(
  outcome: Configuration['withoutCredentials'],
): readonly CurlLine[] {
  const line = { title: 'Without credentials', path: '/me', headers: [] };
  switch (outcome.kind) {
    case 'role':
      return [{ ...line, status: 200, answer: { kind: 'session', role: outcome.role } }];
    case 'refused':
      return [{ ...line, status: 401, answer: { kind: 'refusal', ...refusals[outcome.mode] } }];
    case 'hook-decides':
      return []; // depends on the user's webhook
  }
}

const refusals = {
  jwt: {
    code: 'invalid-headers',
    message: "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
  },
  'admin-secret': {
    code: 'access-denied',
    message: 'x-hasura-admin-secret/x-hasura-access-key required, but not found',
  },
};

function header(name: string, value: string): Header {
  return [name, { kind: 'text', value }];
}
