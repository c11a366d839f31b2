import { fork, type ChildProcess } from 'node:child_process';

/** A program of ours in a process of its own, so that its CPU time and memory are its own. */
export interface Child {
  /** Sends a question and resolves with the answer. */
  ask(question: string): Promise<unknown>;
  stop(): Promise<void>;
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the process ended before it answered'));
    child.once('exit', ended);
    child.once('message', (answer: unknown) => {
      child.off('exit', ended);
      resolve(answer);
    });
  });
}

// As this process was started: with or without a build. Under Jest, which loads TypeScript in its own way, from the sources.
const loader = process.execArgv.includes('tsx')
  ? process.execArgv
  : ['--conditions=hasura-auth-source', '--import=tsx'];

// A child that waits for its turn is idle, which a server under load is not. V8 would use the time to collect what it
// leaves alone under load, and the beginning of the child's next round would pay for it.
const flags = ['--expose-gc', '--no-memory-reducer'];

/** Starts a program of this folder, which sends one message when it is ready. Resolves with it and the message. */
export async function startChild(
  program: string,
  ...words: readonly string[]
): Promise<{ readonly child: Child; readonly ready: unknown }> {
  const started = fork(new URL(program, import.meta.url), words, {
    execArgv: [...flags, ...loader],
  });
  const ended = new Promise((resolve) => started.once('exit', resolve));
  const ready = await message(started);
  const child: Child = {
    ask(question) {
      started.send(question);
      return message(started);
    },
    async stop() {
      started.kill();
      await ended;
    },
  };
  return { child, ready };
}
