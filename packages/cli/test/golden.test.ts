import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Fetch } from '@hasura-auth/core';
import { testKey } from '@hasura-auth/testkit';
import { expectGolden } from './golden.js';
import { runCommand, type Given } from './run.js';

const cwd = join(__dirname, 'fixtures');
const now = (): number => Date.UTC(2026, 0, 1, 12);
const jwt = ['--env', 'jwt.env'];

/** The token that a command line makes; the clock and the key are fixed, so that it is the same each time. */
async function tokenOf(args: readonly string[], at = now): Promise<string> {
  const { stdout } = await runCommand(['token', ...args], { cwd, now: at });
  return stdout.trim();
}

const keySet = {
  keys: [
    { ...testKey('p256').publicJwk, kid: 'current' },
    { ...testKey('rsa-1024').publicJwk, kid: 'weak', alg: 'RS256' },
    { ...testKey('rsa').publicJwk, kid: 'encryption', use: 'enc' },
    { kty: 'oct', kid: 'shared', k: 'MARKED' },
  ],
};
const publishing: Fetch = () =>
  Promise.resolve(Response.json(keySet, { headers: { 'cache-control': 'public, max-age=3600' } }));
const unreachable: Fetch = () =>
  Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } }));
const hook: Fetch = (_url, { headers, body }) =>
  Promise.resolve(
    JSON.stringify([headers, body]).includes('session=')
      ? Response.json({ 'X-Hasura-Role': 'user', 'X-Hasura-User-Id': '7' })
      : new Response(null, { status: 401 }),
  );

const curl = `curl http://localhost:8080/v1/graphql -H 'Cookie: session=MARKED' -d '{"query":"{ me { id } }"}'`;

/** Every golden file: its name, the arguments, and what the command reads. */
const cases: readonly (readonly [name: string, args: readonly string[], given?: Given])[] = [
  ['help', ['--help']],
  ['help-explain', ['explain', '--help']],
  ['help-check', ['check', '--help']],
  ['help-config', ['config', '--help']],
  ['help-config-auth0', ['config', 'auth0', '--help']],
  ['help-token', ['token', '--help']],
  ['help-webhook', ['webhook', '--help']],
  ['explain-no-credentials', ['explain', ...jwt, 'x-hasura-role: user']],
  ['explain-opaque', ['explain', ...jwt, 'an-opaque-access-token']],
  ['explain-no-configuration', ['explain', 'x-hasura-role: user']],
  ['check-good', ['check', ...jwt]],
  ['check-questionable', ['check', '--env', 'questionable.env'], { fetch: publishing }],
  [
    'check-questionable-json',
    ['check', '--env', 'questionable.env', '--json'],
    { fetch: publishing },
  ],
  ['check-unreachable', ['check', '--env', 'questionable.env'], { fetch: unreachable }],
  ['check-broken', ['check', '--env', 'broken.env']],
  ['check-hook', ['check', '--env', 'hook.env', '--call-hook'], { fetch: hook }],
  ['check-no-file', ['check', '--env', 'absent.env']],
  ...['json', 'line', 'shell', 'env', 'compose', 'kubernetes', 'typescript'].map(
    (form): readonly [string, string[], Given?] => [
      `config-firebase-${form}`,
      ['config', 'firebase', '--project', 'my-app-1234', '--as', form],
    ],
  ),
  [
    'config-auth0',
    [
      'config',
      'auth0',
      '--domain',
      'my-tenant.eu.auth0.com',
      '--audience',
      'https://api.example.com',
    ],
  ],
  ['config-missing', ['config', 'auth0', '--domain', 'my-tenant.eu.auth0.com']],
  ['config-unknown', ['config', 'auth1']],
  ['config-no-provider', ['config']],
  [
    'token-json',
    [
      'token',
      ...jwt,
      '--role',
      'editor',
      '--allow',
      'user',
      '--user',
      '7',
      '--set',
      'x-hasura-org-id=3',
      '--json',
    ],
  ],
  ['token-no-key', ['token']],
  ['webhook-get', ['webhook', '--env', 'hook.env', 'Cookie: session=MARKED'], { fetch: hook }],
  [
    'webhook-post',
    ['webhook', '--url', 'https://auth.example.com/session', '--mode', 'POST', '-'],
    { fetch: hook, stdin: curl },
  ],
  ['webhook-refused', ['webhook', '--url', 'https://auth.example.com/session'], { fetch: hook }],
  [
    'webhook-unreachable',
    ['webhook', '--url', 'https://auth.example.com/session'],
    { fetch: unreachable },
  ],
  ['no-command', []],
  ['unknown-command', ['explian']],
];

it.each(cases.map(([name, args, given = {}]) => ({ name, args, given })))(
  '$name is what the golden file says',
  async ({ name, args, given }) => {
    expectGolden(name, args, await runCommand(args, { cwd, now, ...given }));
  },
);

describe('explain of a token on standard input', () => {
  it('that is valid', async () => {
    const stdin = await tokenOf([...jwt, '--role', 'editor', '--user', '7']);
    for (const [name, args] of [
      ['explain-accepted', ['explain', ...jwt]],
      ['explain-accepted-json', ['explain', ...jwt, '--json']],
    ] as const)
      expectGolden(name, args, await runCommand(args, { cwd, now, stdin }));
  });

  it('that expired', async () => {
    const stdin = await tokenOf(jwt, () => now() - 3 * 3_600_000);
    const args = ['explain', ...jwt];
    expectGolden('explain-expired', args, await runCommand(args, { cwd, now, stdin }));
  });

  it('that has no Hasura claims, as in the tutorial', async () => {
    const stdin = await tokenOf(['--config', 'other-claims.json', '--claims', '{"name":"Ada"}']);
    const args = ['explain', ...jwt];
    expectGolden('explain-no-claims', args, await runCommand(args, { cwd, now, stdin }));
  });

  it('for a service of a compose file, in a curl command', async () => {
    const token = await tokenOf([...jwt, '--role', 'editor']);
    const env = { JWT_KEY: 'kE8vQ2mZr7Lx9DbWcYp4NsHf6JdUg3Aa' };
    const stdin = `curl http://localhost:8080/v1/graphql -H "Authorization: Bearer ${token}" -H 'X-Hasura-Role: manager'`;
    const args = ['explain', '--compose', 'docker-compose.yaml', '--service', 'graphql-engine'];
    expectGolden('explain-compose', args, await runCommand(args, { cwd, now, env, stdin }));
  });
});

it('config custom shows the session of a sample token', async () => {
  const claims = '{"roles":["user","editor"],"org":{"id":"9"}}';
  const stdin = await tokenOf([...jwt, '--claims', claims]);
  const map =
    '{"x-hasura-allowed-roles":{"path":"$.roles"},"x-hasura-default-role":{"path":"$.roles[0]"},"x-hasura-org-id":{"path":"$.org.id"}}';
  const args = [
    'config',
    'custom',
    '--jwk-url',
    'https://issuer.example/jwks.json',
    '--audience',
    'my-api',
    '--claims-map',
    map,
    '--sample',
    '-',
  ];
  expectGolden('config-custom', args, await runCommand(args, { cwd, now, stdin }));
});

it('no golden file is left over', () => {
  const named = [
    ...cases.map(([name]) => name),
    ...['explain-accepted', 'explain-accepted-json', 'explain-expired', 'explain-no-claims'],
    ...['explain-compose', 'config-custom'],
  ];
  const files = readdirSync(join(__dirname, 'golden')).map((file) => file.replace('.txt', ''));
  expect(files.sort()).toEqual(named.sort());
});

it('no golden file contains a secret of the fixtures', async () => {
  // The token of `token` is its result; everything else leaves credentials out.
  for (const [name, args, given = {}] of cases) {
    const { stdout, stderr } = await runCommand(args, { cwd, now, ...given });
    const secrets = [
      'Zt7uQm4Xc9Lw2Rp8Vb5N',
      'kE8vQ2mZr7Lx9DbWcYp4NsHf6JdUg3Aa',
      'MARKED',
      'myadminsecretkey',
    ];
    expect([name, secrets.filter((secret) => (stdout + stderr).includes(secret))]).toEqual([
      name,
      [],
    ]);
  }
});

it('--version shows the version of the package', async () => {
  const { version } = jest.requireActual<{ version: string }>('../package.json');
  const shown = { stdout: `${version}\n`, stderr: '', exitCode: 0 };
  expect(await runCommand(['--version'])).toEqual(shown);
});
