import { steadyClock, type Logger } from './runtime.js';

/** For how long one problem is not logged again, in milliseconds. */
const quietMs = 10_000;
/** How many different problems are logged within that time: others, such as a webhook, choose the words of some. */
const mostProblems = 20;
/** How much of a word is logged, in characters. */
const wordLength = 60;

/** A word that others have chosen, such as a webhook or a provider, for a log: in quotes, cut, and without what would disturb a line. */
export function quotedWord(text: string): string {
  return `"${text.slice(0, wordLength).replaceAll(/["\\\p{C}\p{Zl}\p{Zp}]/gu, '?')}"`;
}

interface Problem {
  at: number;
  repeated: number;
}

/**
 * Logs what went wrong with a service: each problem immediately, then at most once in ten seconds with a count, so that a
 * service that is down does not fill the log.
 */
export class ProblemLog {
  readonly #problems = new Map<string, Problem>();
  readonly #now: () => number;
  #omitted = 0;

  /** `about` begins each line. */
  constructor(
    readonly about: string,
    readonly logger: Logger,
    now: () => number,
  ) {
    this.#now = steadyClock(now);
  }

  error(problem: string): void {
    const line = this.#line(problem);
    if (line !== undefined) this.logger.error(line);
  }

  warn(problem: string): void {
    const line = this.#line(problem);
    if (line !== undefined) this.logger.warn(line);
  }

  #line(problem: string): string | undefined {
    const now = this.#now();
    const before = this.#problems.get(problem);
    if (before !== undefined && now - before.at < quietMs) {
      before.repeated++;
      return undefined;
    }
    if (before === undefined && !this.#hasRoom(now)) {
      this.#omitted++;
      return undefined;
    }
    this.#problems.set(problem, { at: now, repeated: 0 });
    return `${this.about}: ${problem}${this.#counts(before?.repeated ?? 0)}`;
  }

  #hasRoom(now: number): boolean {
    if (this.#problems.size < mostProblems) return true;
    for (const [problem, { at }] of this.#problems)
      if (now - at >= quietMs) this.#problems.delete(problem);
    return this.#problems.size < mostProblems;
  }

  #counts(repeated: number): string {
    const omitted = this.#omitted;
    this.#omitted = 0;
    return (
      (repeated === 0 ? '' : ` (repeated ${String(repeated)} times)`) +
      (omitted === 0 ? '' : ` (${String(omitted)} other problems were not logged)`)
    );
  }
}
