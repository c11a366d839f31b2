import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestIssuer, type TestIssuer } from '@hasura-auth/testing';
import { runCommand, type Given } from './run.js';

const cwd = mkdtempSync(join(tmpdir(), 'hasura-auth-'));
let issuer: TestIssuer;
let given: Given;
beforeAll(async () => {
  issuer = await createTestIssuer({ listen: true });
  const jwtSecret = JSON.stringify(issuer.jwtSecret);
  given = {
    env: {
      HASURA_GRAPHQL_ADMIN_SECRET: 'Zt7uQm4Xc9Lw2Rp8Vb5N',
      HASURA_GRAPHQL_JWT_SECRET: jwtSecret,
    },
    fetch: (url, init) => globalThis.fetch(url, init),
    cwd,
  };
});
afterEach(() => {
  issuer.recover();
});
afterAll(async () => {
  await issuer.close();
  rmSync(cwd, { recursive: true, force: true });
});

it('check lists the keys of a provider over HTTP, and fails while the provider is down', async () => {
  const up = await runCommand(['check', '--json'], given);
  expect(up.exitCode).toBe(0);
  const { ok, keySets } = JSON.parse(up.stdout);
  expect(ok).toBe(true);
  expect(keySets[0]).toMatchObject({
    freshness: { kind: 'for', ms: 600_000 },
    keys: [{ kid: expect.any(String), algorithms: ['ES256'] }],
  });
  issuer.outage();
  const down = await runCommand(['check'], given);
  expect(down.exitCode).toBe(1);
  expect(down.stdout).toContain('could not be fetched: the response has the status 503');
  const offline = await runCommand(['check', '--offline'], given);
  expect(offline.exitCode).toBe(0);
});

it('explain waits for the key set, and verifies the token with it', async () => {
  issuer.slow(800);
  const accepted = await runCommand(['explain'], {
    ...given,
    stdin: await issuer.signAs('editor'),
  });
  expect(accepted.exitCode).toBe(0);
  expect(accepted.stdout).toContain('signature verified');
  issuer.recover();
  const refused = await runCommand(['explain'], { ...given, stdin: await issuer.wrongKeyToken() });
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('signature not verified: anyone can have written it');
});

it('a configuration is read from standard input', async () => {
  const stdin = JSON.stringify({ adminSecret: false, jwtSecret: issuer.jwtSecret });
  const ran = await runCommand(['check', '--config', '-', '--offline'], {
    ...given,
    env: {},
    stdin,
  });
  expect(ran.stdout).toBe('configuration: standard input\n0 errors, 0 warnings\n');
});

describe('a compose file', () => {
  const compose = (text: string): void => {
    writeFileSync(join(cwd, 'docker-compose.yaml'), text);
  };
  const check = () =>
    runCommand(['check', '--compose', 'docker-compose.yaml', '--offline'], { cwd });

  it('has the variables of its env_file and of the .env beside it', async () => {
    writeFileSync(join(cwd, '.env'), 'ADMIN=Zt7uQm4Xc9Lw2Rp8Vb5N\n');
    writeFileSync(join(cwd, 'roles.env'), 'HASURA_GRAPHQL_UNAUTHORIZED_ROLE=admin\n');
    compose(
      'services:\n  a:\n    env_file: [roles.env]\n    environment:\n      HASURA_GRAPHQL_ADMIN_SECRET: $ADMIN\n',
    );
    const { stdout, exitCode } = await check();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('HASURA_GRAPHQL_UNAUTHORIZED_ROLE: the role admin gives requests');
  });

  it('whose env_file is absent is bad input, unless it is not required', async () => {
    const service = 'environment:\n      HASURA_GRAPHQL_ADMIN_SECRET: Zt7uQm4Xc9Lw2Rp8Vb5N\n';
    compose(`services:\n  a:\n    env_file: absent.env\n    ${service}`);
    expect(await check()).toEqual({
      stdout: '',
      stderr: 'error: absent.env cannot be read: there is no such file\n',
      exitCode: 2,
    });
    compose(
      `services:\n  a:\n    env_file:\n      - {path: absent.env, required: false}\n    ${service}`,
    );
    expect((await check()).exitCode).toBe(0);
  });

  it('with a placeholder that nothing fills in has an error', async () => {
    compose(
      'services:\n  a:\n    environment:\n      HASURA_GRAPHQL_ADMIN_SECRET: ${UNSET_SECRET}\n',
    );
    const { stdout, exitCode } = await check();
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'HASURA_GRAPHQL_ADMIN_SECRET: it is a placeholder that was not filled in',
    );
  });
});

it('a variable with a wrong value is an error of the configuration, and no bad input', async () => {
  const env = {
    HASURA_GRAPHQL_AUTH_HOOK: 'https://a.example',
    HASURA_GRAPHQL_AUTH_HOOK_MODE: 'PUT',
  };
  const { stdout, exitCode } = await runCommand(['check'], { env });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('error  HASURA_GRAPHQL_AUTH_HOOK_MODE: expected GET or POST');
});

it('options and members that have no effect are warnings', async () => {
  const stdin = JSON.stringify({
    adminSecret: 'Zt7uQm4Xc9Lw2Rp8Vb5N',
    adminSecrets: ['Kd8sWq3Hj6Nf1Tz9Yb4C'],
    authHook: { url: 'https://a.example', sendRequestBody: false },
  });
  const { stdout, exitCode } = await runCommand(['check', '--config', '-'], { stdin });
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    'warning  adminSecrets: it is set, so adminSecret has no effect; remove one of them',
  );
  expect(stdout).toContain(
    'warning  authHook.sendRequestBody: it has no effect, since a GET hook is sent no body',
  );
});

it.each([
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'it has fewer than 8 distinct characters'],
  ['Zt7uQm4Xc9Lw2Rp8Zt7uQm4Xc9Lw2Rp8', 'it repeats a shorter text'],
  ['please-change-this-jwt-secret-in-production', 'it is made of words that examples are made of'],
  ['3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R', 'it is published'],
])('%# a shared secret that can be guessed is found, and not printed', async (key, reason) => {
  const stdin = JSON.stringify({ type: 'HS256', key });
  const { stdout } = await runCommand(['check', '--config', '-'], { stdin });
  expect(stdout).toContain(`jwtSecret.key: `);
  expect(stdout).toContain(reason);
  expect(stdout).not.toContain(key);
});
