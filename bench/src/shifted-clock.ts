/** The clocks of this process, which can be set forward: peers read them and take no clock as an option. */
export interface ShiftedClock {
  /** Sets the clocks forward by `ms` milliseconds. Timers are not affected. */
  advance(ms: number): void;
  /** Restores the real clocks. */
  restore(): void;
}

/** Replaces `Date.now` and `performance.now`. Code that has saved one of these functions keeps the real clock. */
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
