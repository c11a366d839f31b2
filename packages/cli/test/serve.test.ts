import { PassThrough, Readable } from 'node:stream';
import { createAuthenticator, optionsFromEnv } from '@hasura-auth/core';
import { parseEnv } from 'node:util';
import type { CommandContext } from '../src/context.js';
import { run } from '../src/program.js';
import { readUser } from '../src/serve/users.js';
import { runCommand } from './run.js';

/** A running `serve`: what it has printed once it is ready, and how it is stopped. */
interface Serving {
  readonly printed: string;
  readonly stop: () => Promise<number>;
}

/** Starts `serve` on a free port, and waits for the last line that it prints. */
async function serving(args: readonly string[], lastLine: RegExp): Promise<Serving> {
  const interruption = new AbortController();
  const stdout = new PassThrough();
  const context: CommandContext = {
    env: {},
    cwd: __dirname,
    stdin: Readable.from([]),
    stdout,
    stderr: new PassThrough(),
    fetch: () => Promise.reject(new Error('this test allows no fetch')),
    now: Date.now,
    interrupted: interruption.signal,
    exitCode: 0,
  };
  const ended = run(['serve', '--port', '0', '--algorithm', 'ES256', ...args], context);
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (lastLine.test(printed)) resolve();
    });
    void ended.then(() => reject(new Error(`serve has ended: ${printed}`)));
  });
  return {
    printed,
    async stop() {
      interruption.abort();
      await ended;
      return context.exitCode;
    },
  };
}

interface Addresses {
  readonly issuer: string;
  readonly inspector: string;
  readonly discovery: string;
  readonly jwtSecret: object;
  readonly users: readonly object[];
}

const clientCredentials = async (issuer: string, fields: string): Promise<string> => {
  const body = new URLSearchParams(`grant_type=client_credentials&${fields}`);
  const response = await fetch(`${issuer}/token`, { method: 'POST', body });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
};

it('serve prints the line of configuration with which an API accepts its tokens', async () => {
  const { printed, stop } = await serving(['--user', '7:user,editor'], /Ctrl-C/);
  try {
    const [, line = ''] = /^ *(HASURA_GRAPHQL_JWT_SECRET=.*)$/m.exec(printed) ?? [];
    const options = optionsFromEnv(parseEnv(line));
    const authenticator = createAuthenticator({ ...options, adminSecret: false });
    const [, issuer = ''] = /^issuer +(\S+)$/m.exec(printed) ?? [];
    const authorization = `Bearer ${await clientCredentials(issuer, 'user=7')}`;
    const session = await authenticator.authenticate({ headers: { authorization } });
    expect(session.allowedRoles).toEqual(['user', 'editor']);
    expect(printed).toContain('  7 (user, editor)\n');
    await authenticator.close();
  } finally {
    expect(await stop()).toBe(0);
  }
});

it('serve --json prints the addresses, which lead to the inspector and the discovery document', async () => {
  const { printed, stop } = await serving(['--json'], /^\}$/m);
  try {
    const served = JSON.parse(printed) as Addresses;
    expect(served).toMatchObject({ jwtSecret: { issuer: served.issuer }, users: [{}, {}] });
    const discovery = await fetch(served.discovery);
    expect(await discovery.json()).toMatchObject({ issuer: served.issuer });
    for (const address of [served.inspector, served.issuer]) {
      const page = await fetch(address);
      expect(page.url).toBe(served.inspector);
      expect(await page.text()).toContain('<title>');
    }
  } finally {
    await stop();
  }
  const { issuer } = JSON.parse(printed) as Addresses;
  await expect(fetch(issuer)).rejects.toThrow('fetch failed');
});

it('the inspector of serve signs tokens, rotates the key and plays an outage', async () => {
  const { printed, stop } = await serving(['--json'], /^\}$/m);
  try {
    const { issuer, inspector } = JSON.parse(printed) as Addresses;
    const call = async (name: string, body: object): Promise<Record<string, unknown>> => {
      const response = await fetch(`${inspector}api/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: issuer },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const question = { role: 'editor', roles: [], variables: {}, expiresIn: 60 };
    const { token } = await call('token', question);
    const explained = await call('explain', { request: `Authorization: Bearer ${String(token)}` });
    expect(explained).toMatchObject({
      explanation: { outcome: 'accepted', session: { role: 'editor' } },
    });
    const keySet = async (): Promise<Response> => fetch(`${issuer}/.well-known/jwks.json`);
    const before = await (await keySet()).text();
    await call('issuer', { action: 'rotate' });
    expect(await (await keySet()).text()).not.toBe(before);
    await call('issuer', { action: 'outage' });
    expect((await keySet()).status).toBe(503);
    await call('issuer', { action: 'recover' });
    expect((await keySet()).status).toBe(200);
  } finally {
    await stop();
  }
});

describe('serve refuses, in one sentence and with exit code 2,', () => {
  const expected = '--user: expected an id and roles, such as 7:user,editor';
  it.each([
    ['a port that is none', ['--port', '70000'], '--port: expected a whole number from 0 to 65535'],
    ['a user without roles', ['--user', '7'], expected],
    ['a user without an id', ['--user', ':user'], expected],
    ['an empty role', ['--user', '7:user,'], expected],
    ['a role as a variable', ['--user', '7:user:x-hasura-role=admin'], expected],
    ['an algorithm that it does not have', ['--algorithm', 'none'], 'Allowed choices are'],
    ['tokens without an end', ['--expires-in', '0'], '--expires-in: expected a whole number'],
    [
      'a logout address of another machine',
      ['--port', '0', '--algorithm', 'ES256', '--logout-uri', 'https://app.example/'],
      '--logout-uri: a back-channel logout URI is a http address at 127.0.0.1 or localhost',
    ],
  ])('%s', async (_, args, message) => {
    const { stdout, stderr, exitCode } = await runCommand(['serve', ...args]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain(message);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('a port in use', async () => {
    const { printed, stop } = await serving(['--json'], /^\}$/m);
    try {
      const { port } = new URL((JSON.parse(printed) as Addresses).issuer);
      const args = ['serve', '--port', port, '--algorithm', 'ES256'];
      expect(await runCommand(args)).toEqual({
        stdout: '',
        stderr: `error: --port: the port ${port} is in use; choose another\n`,
        exitCode: 2,
      });
    } finally {
      await stop();
    }
  });

  it('production', async () => {
    const { stderr, exitCode } = await runCommand(['serve'], { env: { NODE_ENV: 'production' } });
    expect(stderr).toContain('does not start with NODE_ENV=production');
    expect(exitCode).toBe(2);
  });
});

it('a user of the command line has an id, roles, and variables whose values may hold colons', () => {
  expect(readUser('auth0|7:user, editor:x-hasura-url=a:b:x-hasura-n=1')).toEqual({
    id: 'auth0|7',
    roles: ['user', 'editor'],
    variables: { 'x-hasura-url': 'a:b', 'x-hasura-n': '1' },
  });
});
