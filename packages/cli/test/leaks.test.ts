import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privatePem } from '@hasura-auth/testkit';
import { startLoopbackServer, type LoopbackServer } from '@hasura-auth/testkit';
import { runCommand, type Given } from './run.js';

const cwd = mkdtempSync(join(tmpdir(), 'hasura-auth-'));
const adminSecret = 'MARKED-admin-secret-Zt7uQm4X';
const key = 'MARKED-key-kE8vQ2mZr7Lx9DbWcYp4NsHf6JdUg3Aa';
const cookie = 'MARKED-cookie-8fJ2';
const jwtSecret = JSON.stringify({ type: 'HS256', key });
const env = { HASURA_GRAPHQL_ADMIN_SECRET: adminSecret, HASURA_GRAPHQL_JWT_SECRET: jwtSecret };

/** A hook that sends back all that it was sent, as hooks do that are being debugged. */
let server: LoopbackServer;
let url = '';
beforeAll(async () => {
  server = await startLoopbackServer((request) => ({
    status: request.headers.cookie === undefined && request.method === 'GET' ? 401 : 200,
    headers: {
      'set-cookie': 'session=MARKED-set-cookie',
      'x-echo': JSON.stringify(request.headers),
    },
    body: JSON.stringify({ 'X-Hasura-Role': 'user', 'X-Hasura-Echo': JSON.stringify(request) }),
  }));
  url = `${server.url}/hook?key=MARKED-query`;
});
afterAll(async () => {
  await server.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** What must be in no output: secrets of the configuration and of the request, and the signature of the token. */
async function secretsAnd(token: string): Promise<readonly string[]> {
  return ['MARKED', adminSecret, key, cookie, token, token.split('.')[2] ?? ''];
}

async function expectNoLeak(args: readonly string[], given: Given, token: string): Promise<void> {
  const { stdout, stderr } = await runCommand(args, { cwd, ...given });
  expect(stdout + stderr).not.toBe('');
  for (const secret of await secretsAnd(token)) expect(stdout + stderr).not.toContain(secret);
}

const makeToken = async (): Promise<string> =>
  (await runCommand(['token', '--user', '7'], { env })).stdout.trim();

describe('no output contains a secret, a credential or a signature', () => {
  it.each([[[]], [['--json']]])(
    'of explain %j, whether it accepts or refuses',
    async (flags: string[]) => {
      const token = await makeToken();
      const requests = [
        token,
        `${token}MARKED`,
        token.slice(0, -3),
        `Authorization: Bearer ${token}\nx-hasura-role: other`,
        `x-hasura-admin-secret: ${adminSecret}`,
        'x-hasura-admin-secret: MARKED-wrong-secret',
        'Authorization: Basic MARKED-basic',
        `curl http://localhost/ -H 'Authorization: Bearer ${token}' -b 'session=${cookie}'`,
      ];
      for (const stdin of requests)
        await expectNoLeak(['explain', ...flags], { env, stdin }, token);
    },
  );

  it.each([[[]], [['--json']]])('of check %j', async (flags: string[]) => {
    const token = await makeToken();
    await expectNoLeak(['check', ...flags], { env }, token);
    const broken = { ...env, HASURA_GRAPHQL_JWT_SECRET: `{"type":"MARKED","key":"${key}"` };
    await expectNoLeak(['check', ...flags], { env: broken }, token);
    const types = { ...env, HASURA_GRAPHQL_JWT_SECRET: JSON.stringify({ type: key, key }) };
    await expectNoLeak(['check', ...flags], { env: types }, token);
    const address = JSON.stringify({
      jwk_url: `http://MARKED-user:MARKED-password@${new URL(url).host}/k?MARKED`,
    });
    const keySet = { ...env, HASURA_GRAPHQL_JWT_SECRET: address };
    await expectNoLeak(['check', ...flags], { env: keySet, fetch: globalThis.fetch }, token);
    const hook = { HASURA_GRAPHQL_ADMIN_SECRET: adminSecret, HASURA_GRAPHQL_AUTH_HOOK: url };
    const called = { env: hook, fetch: globalThis.fetch };
    await expectNoLeak(['check', '--call-hook', ...flags], called, token);
  });

  it.each([[['--mode', 'GET']], [['--mode', 'POST']], [['--mode', 'POST', '--json']]])(
    'of webhook %j, though the hook sends back what it was sent',
    async (flags: string[]) => {
      const token = await makeToken();
      const stdin = `curl http://localhost/ -H 'Authorization: Bearer ${token}' -b 'session=${cookie}' -H 'x-api-key: MARKED-api-key' -d '{"query":"{ a }"}'`;
      const given = { stdin, env, fetch: globalThis.fetch };
      const { requests } = server;
      const before = requests.length;
      await expectNoLeak(['webhook', '--url', url, ...flags, '-'], given, token);
      expect(JSON.stringify(requests.slice(before))).toContain(cookie);
    },
  );

  it('of config and token when they fail, and of the key that token signs with', async () => {
    const token = await makeToken();
    writeFileSync(join(cwd, 'private.pem'), privatePem('rsa.pkcs8').replace('\n', '\nMARKED'));
    await expectNoLeak(
      ['config', 'firebase', '--project', 'my-app-1234', '--pem', 'private.pem'],
      {},
      token,
    );
    await expectNoLeak(['config', 'firebase', '--project', 'MARKED project'], {}, token);
    await expectNoLeak(['token', '--key-file', 'private.pem'], {}, token);
    await expectNoLeak(['token', '--key', 'MARKED-as-an-argument'], { env }, token);
    await expectNoLeak(['explain', `--token=${token}`], { env }, token);
    await expectNoLeak([token], { env }, token);
    expect(token).not.toContain(key);
  });
});
