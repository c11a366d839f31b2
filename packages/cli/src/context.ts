import type { Readable, Writable } from 'node:stream';
import type { Environment, Fetch } from '@hasura-auth/core';

/** How the command ended, for scripts: 0 all is well, 1 a problem was found or a request refused, 2 bad input. */
export type ExitCode = 0 | 1 | 2;

/** A stream that may be a terminal. */
export type MaybeTerminal<Stream> = Stream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** What a command reads and writes. Tests and other programs pass their own. */
export interface CommandContext {
  /** The environment variables. */
  readonly env: Environment & Readonly<Record<string, string | undefined>>;
  /** The folder that paths of files are relative to. */
  readonly cwd: string;
  readonly stdin: MaybeTerminal<Readable>;
  /** Results. */
  readonly stdout: MaybeTerminal<Writable>;
  /** Warnings, questions, and why a command failed. */
  readonly stderr: MaybeTerminal<Writable>;
  /** How key sets are fetched and hooks called. */
  readonly fetch: Fetch;
  /** The current time, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborts when the user interrupts the command, which then closes what it has opened. */
  readonly interrupted: AbortSignal;
  /** The exit code, set by a command before it ends. 0 unless set. */
  exitCode: ExitCode;
}
