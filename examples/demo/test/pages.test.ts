import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import type { Explanation } from '@hasura-auth/core';
import { curlLines } from '../src/curl-lines.js';
import { startDemo, type Demo } from '../src/demo.js';
import { listen, portFromEnv } from '../src/listen.js';
import { printout } from '../src/printout.js';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({ PORT: '0' });
});
afterAll(() => demo.close());

const get = async (path: string): Promise<[status: number, body: string]> => {
  const response = await fetch(demo.urls.issuer + path);
  return [response.status, await response.text()];
};

test('the issuer returns a token that its key set verifies', async () => {
  const [status, token] = await get('/tokens?user=7&role=editor&roles=user,editor&expires=60');
  expect(status).toBe(200);
  const keys = JSON.parse((await get('/.well-known/jwks.json'))[1]) as JSONWebKeySet;
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys));
  expect(payload['https://hasura.io/jwt/claims']).toEqual({
    'x-hasura-allowed-roles': ['editor', 'user'],
    'x-hasura-default-role': 'editor',
    'x-hasura-user-id': '7',
  });
  expect(Number(payload.exp) - Number(payload.iat)).toBe(60);
  expect(Object.keys(keys.keys[0] ?? {})).not.toContain('d');
});

test('every parameter of a token has a default', async () => {
  const [status, token] = await get('/tokens');
  expect(status).toBe(200);
  expect(decodeJwt(token).sub).toBe('1');
});

test.each([
  ['/tokens?expire=60', /Unknown parameter "expire"/],
  ['/tokens?role=', /must not be empty/],
  ['/tokens?role=user&roles=user,', /must not be empty/],
  ['/tokens?role=admin&roles=user', /must be one of roles/],
  ['/tokens?expires=soon', /whole number of seconds/],
  ['/tokens?expires=1e99', /whole number of seconds/],
])('%s gets a response that states the mistake', async (path, sentence) => {
  expect(await get(path)).toEqual([400, expect.stringMatching(sentence)]);
});

test('the address of the issuer leads to the inspector, which answers a 404 at other paths', async () => {
  const response = await fetch(demo.urls.issuer);
  expect(response.url).toBe(`${demo.urls.issuer}/inspector/`);
  expect(response.status).toBe(200);
  expect((await get('/elsewhere'))[0]).toBe(404);
});

test('each rejected command has a link to the inspector, which explains it', async () => {
  const lines = curlLines(demo.configuration);
  const links = printout(demo.configuration, demo.urls).match(/(?<=Why\? )\S+/g) ?? [];
  expect(printout(demo.configuration, demo.urls)).toContain(
    "/explain/2 (the token is accepted with the role user; requireRole('editor') of this route rejects it)",
  );
  expect(links).toHaveLength(lines.filter(({ status }) => status >= 400).length);
  for (const link of links) {
    const response = await fetch(link, { redirect: 'manual' });
    const location = new URL(response.headers.get('location') ?? '', link);
    expect(location.pathname).toBe('/inspector/');
    const request = new URLSearchParams(location.hash.slice(1)).get('request');
    const explained = await fetch(new URL('api/explain', location), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: location.origin },
      body: JSON.stringify({ request }),
    });
    const { explanation } = (await explained.json()) as { explanation: Explanation };
    const { answer, status } = lines[Number(/\d+$/.exec(link)?.[0])] ?? {};
    // the role of a guard is accepted: the app's route rejects it
    if (answer?.kind === 'refusal' && answer.message === 'Your current role is not allowed here')
      expect(explanation.session?.role).toBe('user');
    else
      expect([explanation.refusal?.status, explanation.refusal?.message]).toEqual([
        status,
        answer?.kind === 'refusal' ? answer.message : '',
      ]);
  }
});

test('under a configuration of the user, its commands are explained by that configuration', async () => {
  const secret = 'a key of the user that is long enough for HS256';
  const own = await startDemo({
    PORT: '0',
    HASURA_GRAPHQL_ADMIN_SECRET: 'the-admin-secret-of-the-user',
    HASURA_GRAPHQL_JWT_SECRET: JSON.stringify({ type: 'HS256', key: secret }),
  });
  try {
    const index = curlLines(own.configuration).findIndex(({ status }) => status === 401);
    const response = await fetch(`${own.urls.issuer}/explain/${String(index)}`, {
      redirect: 'manual',
    });
    expect(response.headers.get('location')).toContain('/inspector/#request=curl');
    expect((await fetch(`${own.urls.issuer}/inspector/`)).status).toBe(200);
  } finally {
    await own.close();
  }
});

test('foreign host names and web pages of other machines get no token', async () => {
  const statusOf = (headers: Record<string, string>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      request(`${demo.urls.issuer}/tokens`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  expect(await statusOf({ Host: 'example.com' })).toBe(403);
  expect(await statusOf({ Origin: 'https://example.com' })).toBe(403);
});

test('a port in use is reported in one sentence', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(listen(() => undefined, port)).rejects.toThrow(
    `Port ${String(port)} of 127.0.0.1 is in use; stop the process that uses it, or choose other ports, for example with PORT=5000.`,
  );
  await new Promise((resolve) => other.close(resolve));
});

test.each([
  [undefined, 4000],
  ['', 4000],
  ['0', 0],
  ['5000', 5000],
])('PORT=%s is read as %s', (PORT, port) => {
  expect(portFromEnv({ PORT })).toBe(port);
});

test.each(['65533', '-1', '4000.5', 'x', ' 1'])('PORT=%s is rejected in one sentence', (PORT) => {
  expect(() => portFromEnv({ PORT })).toThrow(/^PORT: expected a whole number from 0 to 65532/);
});
