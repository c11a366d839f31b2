import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '@hasura-auth/testkit';
import { fencedBlocks, type CodeBlock } from './fenced-blocks.js';

/** What a reader who follows a page sees: each command block with its output, and what the page says it prints. */
export interface Followed {
  readonly place: string;
  readonly printed: string;
  readonly expected: string | undefined;
}

export interface Reader {
  /** The empty folder in which the reader starts. */
  readonly folder: string;
  /** Which of several alternatives the reader follows, such as `express` for blocks with `for=express`. */
  readonly choice: string;
  /** Variables for every command. */
  readonly env: NodeJS.ProcessEnv;
  /** The commands that are run; without it, all of them. */
  readonly runs?: (code: string) => boolean;
  /** The folder in which the files of the page are saved, if not the one in which the reader starts. */
  readonly project?: string;
}

const noteOf = ({ note }: CodeBlock, name: string): string | undefined =>
  new RegExp(`(?:^| )${name}=(\\S+)`).exec(note)?.[1];

/** Waits until an app listens, by sending requests: the apps of the pages print nothing. */
export async function answering(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null)
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise(setImmediate);
    }
  throw new Error('the app ended');
}

/** Runs command blocks in one shell, as a reader does, and returns the output of each. */
async function runInShell(
  codes: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const script = codes.map((code) => `${code}\nprintf '\\0'`).join('\n');
  const shell = spawn('bash', ['--norc', '-e', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(shell.stdout), once(shell, 'close')]);
  if (code !== 0) throw new Error(`a command failed: ${output}`);
  return output.split('\0').slice(0, -1);
}

/**
 * Follows a page as a reader does: saves its files, runs its commands in their order, and starts the app where the page
 * does. The app gets a free port instead of 3000.
 */
export async function followPage(page: string, reader: Reader): Promise<Followed[]> {
  const all = fencedBlocks(page, basename(page)).filter((block) =>
    [undefined, reader.choice].includes(noteOf(block, 'for')),
  );
  const started = all.findIndex(({ note }) => note === 'start');
  const start = all[started];
  if (start === undefined) throw new Error(`${page} starts no app`);
  const runs = reader.runs ?? (() => true);
  const commands = (blocks: readonly CodeBlock[]): CodeBlock[] =>
    blocks.filter(
      ({ language, note, code }) => language === 'sh' && note !== 'start' && runs(code),
    );

  const project = reader.project ?? reader.folder;
  const before = commands(all.slice(0, started));
  const save = (): void => {
    for (const block of all) {
      const file = noteOf(block, 'file');
      if (file !== undefined) writeFileSync(join(project, file), block.code);
    }
  };
  // The first block makes the folder in which the files are saved.
  const [first, ...rest] = before.map(({ code }) => code);
  if (first !== undefined) await runInShell([first], reader.folder, reader.env);
  save();
  await runInShell(rest, project, reader.env);

  const port = String(await freePort());
  const env = { ...reader.env, PORT: port };
  const child = spawn('bash', ['--norc', '-c', `exec ${start.code}`], {
    cwd: project,
    env,
    stdio: 'inherit',
  });
  try {
    await answering(`http://localhost:${port}/health`, child);
    const after = commands(all.slice(started));
    const outputs = await runInShell(
      after.map(({ code }) => code.replaceAll('localhost:3000', `localhost:${port}`)),
      project,
      env,
    );
    return after.map((block, index) => {
      const next = all[all.indexOf(block) + 1];
      return {
        place: block.place,
        printed: outputs[index] ?? '',
        expected: next?.note === 'prints' ? next.code : undefined,
      };
    });
  } finally {
    const ended = once(child, 'exit');
    if (child.kill()) await ended;
  }
}
