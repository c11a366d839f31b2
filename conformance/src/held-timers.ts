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
