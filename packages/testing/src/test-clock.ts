import type { RuntimeOptions } from '@hasura-auth/core';

/** Time that passes only when a test says so: for the option `runtime`. */
export interface TestClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The option `runtime` of the middleware. */
  readonly runtime: RuntimeOptions;
  /** Lets so many milliseconds pass, and runs the timers that become due, in their order. */
  advance(ms: number): void;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Makes a clock that stands still until `advance`. Give its `runtime` to the middleware, and to `createTestIssuer` as
 * `now`, so that both agree.
 *
 * @example
 * ```ts
 * const clock = createTestClock();
 * const issuer = await createTestIssuer({ now: clock.now });
 * app.use(hasuraAuth({ adminSecret: false, jwtSecret: issuer.jwtSecret, fetch: issuer.fetch, runtime: clock.runtime }));
 * clock.advance(301_000); // the token has expired
 * ```
 */
export function createTestClock(start: number = Date.now()): TestClock {
  let now = start;
  let timers: readonly Timer[] = [];
  const setTimeout = (run: () => void, ms: number): unknown => {
    const timer = { at: now + ms, run };
    timers = [...timers, timer];
    return timer;
  };
  return {
    now: () => now,
    runtime: { now: () => now, setTimeout },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = next.at;
        next.run();
      }
      now = until;
    },
  };
}
