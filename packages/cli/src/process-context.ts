import type { CommandContext } from './context.js';

/**
 * The context of this process. Nothing else in this package reads the process. Node ends the process at an interruption,
 * until a command first asks for `interrupted`: from then on, that command ends itself.
 */
export function processContext(): CommandContext {
  let interruption: AbortController | undefined;
  // A reader that closes the pipe early, such as `head`, ends the output and is no error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return {
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    fetch: (input, init) => globalThis.fetch(input, init),
    now: Date.now,
    get interrupted() {
      if (interruption !== undefined) return interruption.signal;
      const controller = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.once(signal, () => {
          controller.abort();
        });
      interruption = controller;
      return controller.signal;
    },
    exitCode: 0,
  };
}
