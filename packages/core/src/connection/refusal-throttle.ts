import { stopTimer, type Runtime } from '../runtime.js';

/** The delay of a refusal of the same token, by the number of refusals before it, in milliseconds. */
const delays = [0, 1000, 2000, 4000, 8000] as const;
const longestDelay = 8000;
/** After this time without a refusal of a token, its next one is not delayed, in milliseconds. */
const forgetAfter = 60_000;
/** How many tokens are remembered; the one that was refused the longest time ago is forgotten first. */
const maxTokens = 1000;
/** How many refusals are delayed at the same time; each further one is answered at once. */
const maxDelayed = 1000;

interface CountedRefusals {
  readonly count: number;
  readonly at: number;
}

/** A delay that can be cut short. */
export interface Delay {
  /** Resolves when the time is over, or when the delay was cut short. */
  readonly over: Promise<void>;
  /** Cuts it short. */
  stop(): void;
}

/**
 * Delays the refusal of a token that was refused before. A client that reconnects with the same token as fast as it can is
 * slowed down by it; a client with a fresh token never waits.
 */
export class RefusalThrottle {
  readonly #runtime: Pick<Runtime, 'now' | 'setTimeout'>;
  readonly #refused = new Map<string, CountedRefusals>();
  #delayed = 0;

  constructor(runtime: Pick<Runtime, 'now' | 'setTimeout'>) {
    this.#runtime = runtime;
  }

  /** Counts a refusal of tokens, known by their identities, and returns how long to delay it, in milliseconds. */
  count(identities: readonly string[]): number {
    return Math.max(0, ...identities.map((identity) => this.#countOne(identity)));
  }

  /** Begins a delay; undefined if there are too many already, or if no timer can be set: then it is answered at once. */
  delay(ms: number): Delay | undefined {
    if (ms === 0 || this.#delayed >= maxDelayed) return undefined;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    let timer: unknown;
    try {
      timer = this.#runtime.setTimeout(end, ms);
    } catch {
      return undefined;
    }
    this.#delayed++;
    return {
      over: over.finally(() => this.#delayed--),
      stop: () => {
        stopTimer(timer);
        end();
      },
    };
  }

  #countOne(identity: string): number {
    const now = this.#now();
    const before = this.#refused.get(identity);
    const count = before === undefined || now - before.at > forgetAfter ? 0 : before.count;
    this.#refused.delete(identity); // so that it becomes the newest
    this.#refused.set(identity, { count: count + 1, at: now });
    if (this.#refused.size > maxTokens)
      for (const oldest of this.#refused.keys()) {
        this.#refused.delete(oldest);
        break;
      }
    return delays[count] ?? longestDelay;
  }

  /** The time; without a clock all refusals are at the same one. */
  #now(): number {
    try {
      return this.#runtime.now();
    } catch {
      return 0;
    }
  }
}
