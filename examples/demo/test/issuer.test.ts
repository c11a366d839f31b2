import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { startDemo, type Demo } from '../src/demo.js';
import { listen, portFromEnv } from '../src/listen.js';

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
  const [status, token] = await get('/token?user=7&role=editor&roles=user,editor&expires=60');
  expect(status).toBe(200);
  const keys = JSON.parse((await get('/.well-known/jwks.json'))[1]) as JSONWebKeySet;
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys));
  expect(payload['https://hasura.io/jwt/claims']).toEqual({
    'x-hasura-allowed-roles': ['user', 'editor'],
    'x-hasura-default-role': 'editor',
    'x-hasura-user-id': '7',
  });
  expect(Number(payload.exp) - Number(payload.iat)).toBe(60);
  expect(Object.keys(keys.keys[0] ?? {})).not.toContain('d');
});

test('every parameter of a token has a default', async () => {
  const [status, token] = await get('/token');
  expect(status).toBe(200);
  expect(decodeJwt(token).sub).toBe('1');
});

test.each([
  ['/token?expire=60', /Unknown parameter "expire"/],
  ['/token?role=', /must not be empty/],
  ['/token?role=user&roles=user,', /must not be empty/],
  ['/token?role=admin&roles=user', /must be one of roles/],
  ['/token?expires=soon', /whole number of seconds/],
  ['/token?expires=1e99', /whole number of seconds/],
])('%s gets a response that states the mistake', async (path, sentence) => {
  expect(await get(path)).toEqual([400, expect.stringMatching(sentence)]);
});

test('the issuer serves its page at / and a 404 at any other path', async () => {
  expect(await get('/')).toEqual([200, expect.stringContaining('<form>')]);
  expect(await get('/elsewhere')).toEqual([404, expect.stringContaining('/token')]);
});

test('the issuer rejects foreign host names and the method POST', async () => {
  const status = await new Promise((resolve, reject) => {
    request(`${demo.urls.issuer}/token`, { headers: { Host: 'example.com' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(403);
  const post = await fetch(`${demo.urls.issuer}/token`, { method: 'POST' });
  expect(post.status).toBe(405);
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
