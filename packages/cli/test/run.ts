import { PassThrough, Readable } from 'node:stream';
import { run } from '../src/program.js';
import type { CommandContext } from '../src/context.js';

/** What a command wrote, and how it ended. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What a test may set of a command's context; nothing of the process is used. */
export type Given = Partial<Omit<CommandContext, 'stdin' | 'stdout' | 'stderr'>> & {
  readonly stdin?: string | Uint8Array;
};

/** Runs a command as its users do, with everything that it reads and writes in memory. */
export async function runCommand(args: readonly string[], given: Given = {}): Promise<Ran> {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    streams[name].on('data', (chunk: Buffer) => (written[name] += chunk.toString()));
  const { stdin = '', ...rest } = given;
  const context: CommandContext = {
    env: {},
    cwd: __dirname,
    fetch: () => Promise.reject(new Error('this test allows no fetch')),
    now: Date.now,
    interrupted: new AbortController().signal,
    exitCode: 0,
    ...rest,
    ...streams,
    stdin: Readable.from([Buffer.from(stdin)]),
  };
  await run(args, context);
  for (const stream of Object.values(streams)) stream.end();
  return { ...written, exitCode: context.exitCode };
}
