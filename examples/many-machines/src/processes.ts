import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Programs that run until they are stopped. */
export class Processes {
  readonly #children: ChildProcess[] = [];

  /** Starts a program, and resolves when it has printed a line that fits, to what its group caught. */
  async start(
    command: string,
    args: readonly string[],
    ready: RegExp,
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    const printed = [child.stdout, child.stderr].map(async (stream) => {
      for await (const line of createInterface({ input: stream })) {
        const found = ready.exec(line);
        if (found !== null) {
          stream.resume(); // what it prints later is not read
          return found[1] ?? '';
        }
      }
      throw new Error(`${command} has ended before it was ready`);
    });
    return Promise.any(printed);
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.splice(0).map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
  }
}

/** Whether a program is on this machine. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version']).status === 0;
}
