import { fork, type ChildProcess } from 'node:child_process';

/** A program of this folder that runs in its own process, so that its CPU time and memory can be measured alone. */
export interface Child {
  /** Sends a question to the program and resolves with its answer. */
  ask(question: string): Promise<unknown>;
  stop(): Promise<void>;
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the process exited before it answered'));
    child.once('exit', ended);
    child.once('message', (answer: unknown) => {
      child.off('exit', ended);
      resolve(answer);
    });
  });
}

// A child that waits for its turn is idle; a server under load is not. V8 would use the idle time for a collection that it
// does not run under load, and the start of the child's next round would pay for it.
const flags = ['--expose-gc', '--no-memory-reducer'];

/**
 * Starts a program of this folder with the loader and conditions of this process: on built packages or on sources.
 * Resolves with the child and the first message that it sends.
 */
export async function startChild(
  program: string,
  ...words: readonly string[]
): Promise<{ readonly child: Child; readonly ready: unknown }> {
  const started = fork(new URL(program, import.meta.url), words, {
    execArgv: [...flags, ...process.execArgv],
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
