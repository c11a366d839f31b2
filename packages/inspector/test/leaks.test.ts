import type { Explanation } from '@hasura-auth/core';
import { SignJWT } from 'jose';
import { fromPage, serveInspector, type TestServer } from './inspector-server.js';

const adminSecret = 'marked-admin-secret-of-the-app';
const key = 'marked-shared-secret-of-32-bytes-or-more';
const otherKey = 'marked-other-secret-of-32-bytes-or-more!';
const options = { adminSecret, jwtSecret: { type: 'HS256', key } } as const;

/** What the process prints or warns of while something runs. */
async function printed(run: () => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const record = (...given: unknown[]): true => {
    lines.push(given.join(' '));
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(record),
    jest.spyOn(process.stderr, 'write').mockImplementation(record),
    jest.spyOn(process, 'emitWarning').mockImplementation(record),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation(record),
    ),
  ];
  try {
    await run();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return lines.join('\n');
}

let server: TestServer;
let token: string;
let signature: string;
let foreign: string;
beforeAll(async () => {
  server = await serveInspector({ options });
  const sign = (by: string): Promise<string> =>
    new SignJWT({ sub: 'marked-subject' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(by));
  token = await sign(key);
  signature = token.slice(token.lastIndexOf('.') + 1);
  foreign = await sign(otherKey);
});
afterAll(() => server.close());

/** Questions whose every kind of answer is looked at: accepted, refused, and not understood. */
const questions = (): object[] => [
  { request: `x-hasura-admin-secret: ${adminSecret}` },
  { request: `x-hasura-admin-secret: ${adminSecret}x` },
  { request: token },
  { request: foreign },
  { request: `${token}x` },
  { request: `Cookie: session=${token}` },
  { request: `curl https://api.example -H 'Authorization: Bearer ${token}` },
  { request: token, configuration: JSON.stringify(options) },
  { request: token, configuration: `${JSON.stringify(options)}x` },
  { request: token, configuration: JSON.stringify({ type: 'RS256', key }) },
  { request: token, configuration: `HASURA_GRAPHQL_JWT_SECRET='{"type":"HS256","key":"${key}"` },
  {
    request: token,
    configuration: `HASURA_GRAPHQL_ADMIN_SECRET=${adminSecret}\nHASURA_GRAPHQL_JWT_SECRET=${key}`,
  },
  { request: token, changes: { payload: 'marked' } },
];

test('no response holds a secret, a key or a signature', async () => {
  for (const question of questions()) {
    const { body } = await server.ask<{ explanation?: Explanation }>('explain', question);
    const text = JSON.stringify(body);
    for (const secret of [adminSecret, key, otherKey, signature, foreign.split('.')[2] ?? ''])
      expect(text).not.toContain(secret);
  }
});

test('nothing of what is pasted is logged, whatever the answer is', async () => {
  const text = await printed(async () => {
    for (const question of questions()) await server.ask('explain', question);
    await server.ask('token', { role: 'marked-role' });
    const headers = fromPage(server.origin);
    await server.request('POST', '/api/explain', headers, `{"request":"${token}`);
    await server.request('POST', '/api/explain', { ...headers, origin: 'null' }, token);
    await server.request('POST', '/api/explain', headers, token.repeat(5000));
  });
  expect(text).not.toMatch(/marked|eyJ/);
});

test('a mistake in the request of the page is not quoted in the response', async () => {
  const { text } = await server.request(
    'POST',
    '/api/explain',
    fromPage(server.origin),
    `{"request": ${key}}`,
  );
  expect(text).toBe('{"error":"The body must be a JSON object."}');
});
