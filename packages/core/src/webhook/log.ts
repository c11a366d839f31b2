import type { Logger } from '../runtime.js';

/** How long one problem is not told again, in milliseconds. */
const quietMs = 10_000;
/** Problems are worded by us from few parts; a hook that makes up many member names is not to grow this. */
const maxProblems = 100;

interface Told {
  at: number;
  again: number;
}

/**
 * Tells what went wrong with a hook: each problem at once, and while it lasts once in ten seconds with how often it
 * happened, so that a hook that is down does not fill the log.
 */
export class HookLog {
  readonly #told = new Map<string, Told>();

  constructor(
    readonly origin: string,
    readonly logger: Logger,
    readonly now: () => number,
  ) {}

  error(problem: string): void {
    const line = this.#line(problem);
    if (line !== undefined) this.logger.error(line);
  }

  warn(problem: string): void {
    const line = this.#line(problem);
    if (line !== undefined) this.logger.warn(line);
  }

  #line(problem: string): string | undefined {
    const now = this.now();
    const before = this.#told.get(problem);
    if (before !== undefined && now - before.at < quietMs) {
      before.again++;
      return undefined;
    }
    if (this.#told.size >= maxProblems) this.#told.clear();
    this.#told.set(problem, { at: now, again: 0 });
    const often =
      before === undefined || before.again === 0
        ? ''
        : ` (and ${String(before.again)} times more since it was last told)`;
    return `auth hook ${this.origin}: ${problem}${often}`;
  }
}
