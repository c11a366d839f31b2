import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@hasura-auth/testkit';
import { codeBlocks, top } from './code-blocks.js';
import { answering } from './follow-page.js';

const origin = 'https://app.example';
const folder = join(top, 'docs', '.code-blocks', 'run');
const examples = codeBlocks(join(top, 'README.md')).filter(({ note }) => note.startsWith('run='));

it('README has one example of at most twelve lines for each framework', () => {
  expect(examples.map(({ note }) => note)).toEqual(['run=express', 'run=koa', 'run=fastify']);
  const lines = (code: string): string[] => code.split('\n').filter((line) => line.trim() !== '');
  for (const { code } of examples) expect(lines(code).length).toBeLessThanOrEqual(12);
});

describe.each(examples)('$place ($note)', ({ code, note }) => {
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${note.slice(4)}.ts`);
    writeFileSync(file, code);
    const port = await freePort();
    url = `http://127.0.0.1:${String(port)}`;
    child = spawn(process.execPath, ['--conditions=hasura-auth-source', '--import', 'tsx', file], {
      cwd: top,
      stdio: 'inherit',
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        HASURA_GRAPHQL_ADMIN_SECRET: 'a-long-random-admin-secret',
        HASURA_GRAPHQL_JWT_SECRET: '{"type":"HS256","key":"a-shared-secret-of-at-least-32-bytes"}',
      },
    });
    await answering(url, child);
  }, 60_000);

  afterAll(async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  const admin = { 'x-hasura-admin-secret': 'a-long-random-admin-secret' };

  it('the handler gets the session', async () => {
    const response = await fetch(`${url}/me`, { headers: { ...admin, 'x-hasura-role': 'user' } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ role: 'user', method: 'admin-secret' });
  });

  it('a browser can read an error response', async () => {
    const response = await fetch(`${url}/me`, { headers: { origin, authorization: 'Bearer abc' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-expose-headers')).toBe('WWW-Authenticate');
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="hasura", error="invalid_token", error_description="JWSError /,
    );
    expect(await response.json()).toHaveProperty('errors.0.extensions.code', 'invalid-jwt');
  });

  it('a preflight request is not rejected', async () => {
    const response = await fetch(`${url}/articles/1`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-methods')).toContain('DELETE');
  });

  it('only the listed roles can call a guarded route', async () => {
    const remove = (role: string): Promise<Response> =>
      fetch(`${url}/articles/1`, {
        method: 'DELETE',
        headers: { ...admin, 'x-hasura-role': role },
      });
    expect((await remove('editor')).status).toBe(204);
    const refused = await remove('user');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toHaveProperty(
      'errors.0.message',
      'Your current role is not allowed here',
    );
  });
});
