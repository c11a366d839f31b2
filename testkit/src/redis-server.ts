import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

/** A server that speaks Redis's protocol, by the name of its program without `-server`. */
export type RedisKind = 'redis' | 'valkey';

const isInstalled = (kind: RedisKind): boolean =>
  spawnSync(`${kind}-server`, ['--version']).status === 0;

/** The servers that this machine has. */
export const installedRedis: readonly RedisKind[] = (['redis', 'valkey'] as const).filter(
  isInstalled,
);

/** A real Redis or Valkey on a port of loopback, without persistence. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Ends the process at once; what it held is lost. */
  stop(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  /** Makes the process hang: connections stay open, and nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends it for good. */
  close(): Promise<void>;
}

/** Whether the server answers PING. */
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('data', (data) => done(data.toString().startsWith('+PONG')));
    socket.once('error', () => done(false));
  });

async function started(
  kind: RedisKind,
  port: number,
  options: readonly string[],
): Promise<ChildProcess> {
  const directory = mkdtempSync(join(tmpdir(), `${kind}-`));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  const child = spawn(`${kind}-server`, [...args, '--save', '', '--appendonly', 'no', ...options], {
    stdio: 'ignore',
  });
  child.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) break;
    if (await answers(port)) return child;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill('SIGKILL');
  throw new Error(`${kind}-server did not start on port ${String(port)}`);
}

/** Starts a server with more options of its command line, such as `['--maxmemory', '3mb']`. */
export async function startRedis(
  kind: RedisKind,
  options: readonly string[] = [],
): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | undefined = await started(kind, port, options);
  const stop = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    url: `redis://127.0.0.1:${String(port)}`,
    stop,
    async start() {
      child ??= await started(kind, port, options);
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    close: stop,
  };
}
