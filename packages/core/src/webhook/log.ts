import { steadyClock, type Logger } from '../runtime.js';

/** For how long one problem is not logged again, in milliseconds. */
const quietMs = 10_000;
/** How many different problems are logged within that time: a hook chooses the words of some. */
const mostProblems = 20;
/** How much of a word is logged, in characters. */
const wordLength = 60;

/** A word that a hook has chosen, for a log: in quotes, cut, and without what would disturb a line. */
export function quotedWord(text: string): string {
  return `"${text.slice(0, wordLength).replaceAll(/["\\\p{C}\p{Zl}\p{Zp}]/gu, '?')}"`;
}

/** The media type in a `Content-Type` header, for a log: anything but its usual letters is left out. */
export function mediaType(contentType: string | null): string {
  return /^[\w.+/-]{1,60}/.exec(contentType ?? '')?.[0] ?? 'without a type';
}

interface Problem {
  at: number;
  repeated: number;
}

/**
 * Logs what went wrong with a hook: each problem immediately, then at most once in ten seconds with a count, so that a
 * hook that is down does not fill the log.
 */
export class HookLog {
  readonly #problems = new Map<string, Problem>();
  readonly #now: () => number;
  #omitted = 0;

  constructor(
    readonly origin: string,
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
    return `auth hook ${this.origin}: ${problem}${this.#counts(before?.repeated ?? 0)}`;
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
