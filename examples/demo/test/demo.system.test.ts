import { generateKeyPairSync } from 'node:crypto';
import { gist } from '../src/answer.js';
import { curlLines } from '../src/curl-lines.js';
import { startDemo, type Demo } from '../src/demo.js';
import { printout } from '../src/printout.js';
import { fetched, hasCurl, pasted } from './run-line.js';

const secret = 'the-admin-secret-of-the-user';
const hmacKey = 'a key of the user that is long enough for HS256';
const hmac = { type: 'HS256', key: hmacKey };
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsa = { type: 'RS256', key: publicKey.export({ type: 'spki', format: 'pem' }) };

const jwt = (config: object): Record<string, string> => ({
  HASURA_GRAPHQL_ADMIN_SECRET: secret,
  HASURA_GRAPHQL_JWT_SECRET: JSON.stringify(config),
});

const withToken = [
  'As a user',
  'The articles of this user',
  'This role may not write',
  'As another role of the token, which may write',
  'As a role that the token does not allow',
  'With an expired token',
];
const withoutToken = ['As admin', 'As admin, acting as a user', 'Without credentials'];
const all = [...withToken, ...withoutToken];

const configurations: readonly [name: string, env: Record<string, string>, titles: string[]][] = [
  ['the built-in defaults', {}, all],
  ['a shared secret', jwt(hmac), all],
  [
    'a shared secret with every option that the demo supports',
    {
      ...jwt({
        ...hmac,
        claims_namespace: 'https://example.com/claims',
        claims_format: 'stringified_json',
        issuer: 'https://example.com',
        audience: ['one', 'two'],
        allowed_skew: 90,
        header: '{"type":"cookie","name":"to$ken"}',
        extra_required_claims: ['audience', 'issuer', 'exp', 'jti', 'nbf', 'iat', 'sub'],
      }),
      HASURA_GRAPHQL_UNAUTHORIZED_ROLE: 'visitor',
    },
    all,
  ],
  [
    'a token in a custom header',
    jwt({ ...hmac, header: { type: 'CustomHeader', name: 'x-token' } }),
    all,
  ],
  [
    'several secrets, one of them shared',
    {
      HASURA_GRAPHQL_ADMIN_SECRETS: JSON.stringify([secret, 'another']),
      HASURA_GRAPHQL_JWT_SECRETS: JSON.stringify([
        { ...rsa, issuer: 'https://example.com/a' },
        { ...hmac, issuer: 'https://example.com/b' },
      ]),
    },
    all,
  ],
  ['a public key', jwt(rsa), withoutToken],
  [
    'a map of claims',
    jwt({
      ...hmac,
      claims_map: {
        'x-hasura-allowed-roles': ['user'],
        'x-hasura-default-role': 'user',
        'x-hasura-user-id': { path: '$.sub' },
      },
    }),
    withoutToken,
  ],
  ['claims at a path', jwt({ ...hmac, claims_namespace_path: '$.app' }), withoutToken],
  ['the older name of the admin secret', { HASURA_GRAPHQL_ACCESS_KEY: secret }, withoutToken],
];

jest.setTimeout(30_000); // dozens of processes on a busy machine

let demo: Demo | undefined;
const start = async (env: Record<string, string>): Promise<Demo> =>
  (demo = await startDemo({ ...env, PORT: '0' }));
afterEach(async () => {
  await demo?.close();
  demo = undefined;
});

describe.each(configurations)('under %s', (_name, env, titles) => {
  test('the demo prints the commands that are possible', async () => {
    const { configuration } = await start(env);
    expect(curlLines(configuration).map(({ title }) => title)).toEqual(titles);
  });

  (hasCurl ? test : test.skip)(
    'every printed command, run by a shell, returns the printed response (needs curl)',
    async () => {
      const { configuration, urls } = await start(env);
      const printed = [...printout(configuration, urls).matchAll(/^ {2}(curl .*)\n {2}→ (.*)$/gm)];
      const lines = curlLines(configuration);
      expect(printed).toHaveLength(lines.length);
      for (const api of [urls.express, urls.koa, urls.fastify])
        for (const [index, line] of lines.entries()) {
          const [, command = '', arrow] = printed[index] ?? [];
          const answer = await pasted(command.replace(urls.express, api), line, env);
          expect([api, line.title, answer]).toEqual([api, line.title, arrow]);
        }
    },
  );

  test('every request, sent by fetch, returns the printed response', async () => {
    const { configuration, urls } = await start(env);
    for (const api of [urls.express, urls.koa, urls.fastify])
      for (const line of curlLines(configuration)) {
        const answer = await fetched(line, api, urls.issuer, secret);
        expect([api, line.title, answer]).toEqual([
          api,
          line.title,
          `${String(line.status)}, ${gist(line.answer)}`,
        ]);
      }
  });

  test("the printed text contains none of the user's secrets", async () => {
    const { configuration, urls } = await start(env);
    const text = printout(configuration, urls);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(hmacKey);
  });
});

test('the demo states why it cannot sign tokens for a configuration', async () => {
  const { configuration, urls } = await start(jwt(rsa));
  const text = printout(configuration, urls);
  expect(text).toContain(
    'Commands with a token are omitted, because the demo cannot sign one: its key is public',
  );
  const token = await fetch(`${urls.issuer}/tokens`);
  expect([token.status, await token.text()]).toEqual([
    501,
    expect.stringContaining('its key is public'),
  ]);
});

test('the demo detects that two matching configurations reject its token', async () => {
  const { configuration } = await start({
    HASURA_GRAPHQL_ADMIN_SECRET: secret,
    HASURA_GRAPHQL_JWT_SECRETS: JSON.stringify([rsa, { ...hmac, issuer: 'https://example.com' }]),
  });
  expect(configuration.signer).toMatch(/^its tokens are rejected: /);
});

test('variables that do not concern authentication leave the built-in configuration in use', async () => {
  const { configuration } = await start({ HASURA_GRAPHQL_ENABLE_CONSOLE: 'true' });
  expect(configuration.source).toBe('defaults');
});

test('a body without a title gets a 400 on each framework', async () => {
  const { urls } = await start({});
  for (const api of [urls.express, urls.koa, urls.fastify]) {
    const { status } = await fetch(`${api}/articles`, {
      method: 'POST',
      headers: { 'x-hasura-admin-secret': 'demo-admin-secret', 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect([api, status]).toEqual([api, 400]);
  }
});

test('a client without credentials sees the published articles only', async () => {
  const { urls } = await start({});
  const response = await fetch(`${urls.koa}/articles`);
  expect(await response.json()).toEqual([
    expect.objectContaining({ published: true }),
    expect.objectContaining({ published: true }),
  ]);
});
