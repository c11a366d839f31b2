import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';

const main = resolve(__dirname, '../src/main.ts');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  /** Resolves with all that was printed, once it is ready. */
  ready(): Promise<string>;
  readonly ended: Promise<Ended>;
}

let running: ChildProcess | undefined;
afterEach(() => running?.kill('SIGKILL')); // where a test failed half-way

function startMain(env: Record<string, string>): Started {
  const child = spawn(
    process.execPath,
    ['--conditions=hasura-auth-source', '--import', 'tsx', main],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  running = child;
  const printed = { stdout: '', stderr: '' };
  const saidReady = new Promise<string>((done) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed.stdout += chunk.toString();
      if (printed.stdout.includes('\nReady.')) done(printed.stdout);
    });
  });
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({
    code: code ?? null,
    ...printed,
  }));
  const tooEarly = ({ stderr }: Ended): never => {
    throw new Error(`It ended before it was ready: ${stderr}`);
  };
  return { child, ready: () => Promise.race([saidReady, ended.then(tooEarly)]), ended };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s stops the demo with exit code 0, even with open connections',
  async (signal) => {
    const { child, ready, ended } = startMain({ PORT: '0' });
    const agent = new Agent({ keepAlive: true });
    for (const [url] of (await ready()).matchAll(/http:\/\/127\.0\.0\.1:\d+$/gm)) {
      const [response] = (await once(get(url, { agent }), 'response')) as [NodeJS.ReadableStream];
      await once(response.resume(), 'end');
    }
    expect(Object.values(agent.freeSockets)).toHaveLength(4);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    agent.destroy();
  },
  30_000,
);

test('a configuration mistake is reported in one sentence', async () => {
  const secret = 'hunter2-hunter2-hunter2'; // long enough not to be warned of
  const { ended } = startMain({
    PORT: '0',
    HASURA_GRAPHQL_ADMIN_SECRET: secret,
    HASURA_GRAPHQL_JWT_SECRET: '{"type":"HS256","key":"short"}',
  });
  const { code, stdout, stderr } = await ended;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^[^\n]*HASURA_GRAPHQL_JWT_SECRET[^\n]*\n$/);
  expect(stderr).not.toContain(secret);
}, 30_000);

test('a port in use is reported in one sentence', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as AddressInfo;
  const { ended } = startMain({ PORT: String(port) });
  const { code, stdout, stderr } = await ended;
  other.close();
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^Port \d+ of 127\.0\.0\.1 is in use; [^\n]*\n$/);
}, 30_000);
