import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startJwksServer, testKey } from '@hasura-auth/testkit';

// Starting a process takes a second, and several on a busy machine.
jest.setTimeout(60_000);

interface Ended {
  readonly output: string;
  readonly code: number | null;
}

/** Runs a program of this folder to its own end. */
async function runProgram(name: string, ...words: string[]): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--conditions=hasura-auth-source', '--import', 'tsx', join(__dirname, name), ...words],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { output, code };
}

const run = (url: string, what: string): Promise<Ended> => runProgram('process-exit.ts', url, what);

describe('a process with an authenticator and no server ends by itself', () => {
  const good = { keys: [{ ...testKey('rsa').publicJwk, kid: 'a' }] };

  it('if nothing has been fetched', async () => {
    expect(await run('http://127.0.0.1:9/', 'idle')).toEqual({ output: 'idle', code: 0 });
  });

  it('after a fetch, although the provider would keep the connection and a refresh is due later', async () => {
    const server = await startJwksServer({
      ...good,
      headers: { 'keep-alive': 'timeout=600', 'cache-control': 'max-age=60' },
    });
    expect(await run(server.url, 'ready')).toEqual({ output: 'ready', code: 0 });
    await server.close();
  });

  it('after a request that a hung provider left without a response, when its fetch times out', async () => {
    const server = await startJwksServer(good);
    server.misbehave({ delivery: { kind: 'hang' } });
    const { output, code } = await run(server.url, 'request');
    expect([output, code]).toEqual(['AuthError: JWK set is not available', 0]);
    expect(server.fetches).toBe(1);
    await server.close();
  });

  it('at once if the authenticator is closed while a provider hangs', async () => {
    const server = await startJwksServer(good);
    server.misbehave({ delivery: { kind: 'hang' } });
    const { output, code } = await run(server.url, 'close');
    expect(output).toContain('the authenticator was closed');
    expect(code).toBe(0);
    await server.close();
  });

  it('not while ready() waits for a store of revocations that keeps no process alive itself', async () => {
    expect(await run('http://127.0.0.1:9/', 'slow-store')).toEqual({ output: 'ready', code: 0 });
  });

  it('if the authenticator is closed while ready() waits for a store that is never read', async () => {
    expect(await run('http://127.0.0.1:9/', 'close-store')).toEqual({ output: 'closed', code: 0 });
  });
});

it('subscribers that throw change no decision and no fetch: Node reports their errors later', async () => {
  const server = await startJwksServer({ keys: [{ ...testKey('rsa').publicJwk, kid: 'a' }] });
  expect(await runProgram('throwing-subscriber.ts', server.url)).toEqual({
    output: 'admin, 401, ready, uncaught: 9',
    code: 0,
  });
  await server.close();
});
