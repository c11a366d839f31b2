/** The process's clocks, set forward: the peers read them, and have no other way to see an hour pass. */
export interface ShiftedClock {
  /** Sets the clocks forward by so many milliseconds. Timers are not moved. */
  advance(ms: number): void;
  /** Gives the process its own clocks back. */
  restore(): void;
}

/** Puts itself before `Date.now` and `performance.now`; what captured them earlier is not moved. */
export function shiftedClock(): ShiftedClock {
  const date = Date.now;
  const { now } = performance;
  let ahead = 0;
  Date.now = () => date() + ahead;
  performance.now = () => now.call(performance) + ahead;
  return {
    advance(ms) {
      ahead += ms;
    },
    restore() {
      Date.now = date;
      performance.now = now;
    },
  };
}
