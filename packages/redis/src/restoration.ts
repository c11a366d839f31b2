import type { Logger, SetTimeout, TokensRevocation } from '@hasura-auth/core';

/** The pauses after a restoration, in milliseconds: doubled while entries are missing again, up to the longest. */
const firstPauseMs = 10_000;
const longestPauseMs = 600_000;

export interface RestorationOptions {
  readonly logger: Logger;
  readonly setTimeout: SetTimeout;
  /** Stores entries. */
  write(entries: readonly TokensRevocation[]): Promise<void>;
  /** Makes the authenticators load all entries, after which they restore what is missing. */
  reload(): void;
}

/**
 * Stores entries that Redis has lost, at most once in each pause: if Redis evicts entries at once, they would be written in a
 * circle. What could not be stored, and what was lost during a pause, such as by a second failover, is looked for again
 * after it.
 */
export function restoration({
  logger,
  setTimeout,
  write,
  reload,
}: RestorationOptions): (entries: readonly TokensRevocation[]) => Promise<void> {
  let pauseMs = firstPauseMs;
  let isPausing = false;
  let isDue = false;

  function endPause(): void {
    isPausing = false;
    pauseMs = isDue ? Math.min(longestPauseMs, 2 * pauseMs) : firstPauseMs;
    if (!isDue) return;
    isDue = false;
    reload();
  }

  return async (entries) => {
    if (entries.length === 0) return;
    if (isPausing) {
      isDue = true;
      return;
    }
    isPausing = true;
    setTimeout(endPause, pauseMs);
    try {
      await write(entries);
    } catch (error) {
      isDue = true;
      throw error;
    }
    logger.warn(
      `${String(entries.length)} revocations that Redis had lost were stored again by a process that knew them`,
    );
  };
}
