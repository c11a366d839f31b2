import type { SetTimeout } from '@hasura-auth/core';

/** Timers that run when a test says so, and never by themselves. */
export interface HeldTimers {
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  /** How long each timer was to wait, in milliseconds, oldest first. */
  readonly waits: readonly number[];
  /** Runs every timer that was set. */
  expire(): void;
}

export function heldTimers(): HeldTimers {
  const waits: number[] = [];
  let pending: (() => void)[] = [];
  return {
    waits,
    setTimeout(run, ms) {
      waits.push(ms);
      pending.push(run);
      return {};
    },
    expire() {
      const runs = pending;
      pending = [];
      for (const run of runs) run();
    },
  };
}

/** Virtual time: no timer fires before `advance` reaches it. */
export interface Clock {
  readonly now: () => number;
  readonly setTimeout: SetTimeout;
  /** Lets so many milliseconds pass, and runs the timers that become due, in their order. */
  advance(ms: number): void;
  /** Sets the clock, as an operator does: no time passes, and no timer runs. */
  set(now: number): void;
}

/** A clock that shows noon of an ordinary day. */
export function virtualClock(start: number = Date.parse('2026-11-22T12:00:00Z')): Clock {
  let now = start;
  // Timers go by the time that passes, as Node's do, whatever the clock is set to.
  let passed = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    setTimeout: (run, ms) => {
      const timer = { at: passed + ms, run };
      timers.push(timer);
      return timer;
    },
    advance(ms) {
      const until = passed + ms;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now += next.at - passed;
        passed = next.at;
        next.run();
      }
      now += until - passed;
      passed = until;
    },
    set(to) {
      now = to;
    },
  };
}
