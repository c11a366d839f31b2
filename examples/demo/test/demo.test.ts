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
  'The same user, who sees their own articles',
  'The same user, who may not write in this role',
  'As another role that the token allows, which may write',
  'As a role that the token does not allow',
  'With a token that has expired',
];
const withoutToken = ['As admin', 'As admin posing as a user', 'As nobody'];
const all = [...withToken, ...withoutToken];

const configurations: readonly [name: string, env: Record<string, string>, titles: string[]][] = [
  ['the built-in defaults', {}, all],
  ['a shared secret', jwt(hmac), all],
  [
    'a shared secret with all that can be signed for',
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
  test('the lines are those that work', async () => {
    const { configuration } = await start(env);
    expect(curlLines(configuration).map(({ title }) => title)).toEqual(titles);
  });

  (hasCurl ? test : test.skip)(
    'every printed line, pasted, gives what it says (needs curl)',
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

  test('every line, sent by fetch, gives what it says', async () => {
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

  test("none of the user's secrets is printed", async () => {
    const { configuration, urls } = await start(env);
    const text = printout(configuration, urls);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(hmacKey);
  });
});

test('says why a configuration cannot be signed for', async () => {
  const { configuration, urls } = await start(jwt(rsa));
  const text = printout(configuration, urls);
  expect(text).toContain('Only lines without a token: its key is public');
  const token = await fetch(`${urls.issuer}/token`);
  expect([token.status, await token.text()]).toEqual([
    501,
    expect.stringContaining('its key is public'),
  ]);
});

test('finds out that its token is refused where two configurations fit it', async () => {
  const { configuration } = await start({
    HASURA_GRAPHQL_ADMIN_SECRET: secret,
    HASURA_GRAPHQL_JWT_SECRETS: JSON.stringify([rsa, { ...hmac, issuer: 'https://example.com' }]),
  });
  expect(configuration.signer).toMatch(/^a token of ours is refused: /);
});

test('variables of the engine that are not about authentication leave the defaults', async () => {
  const { configuration } = await start({ HASURA_GRAPHQL_ENABLE_CONSOLE: 'true' });
  expect(configuration.source).toBe('defaults');
});

test('a body without a title is 400 on all three', async () => {
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

test('an anonymous reader sees what is published', async () => {
  const { urls } = await start({});
  const response = await fetch(`${urls.koa}/articles`);
  expect(await response.json()).toEqual([
    expect.objectContaining({ published: true }),
    expect.objectContaining({ published: true }),
  ]);
});
