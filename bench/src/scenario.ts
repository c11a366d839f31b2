import type { Report } from './report.js';

/** How much work a scenario puts into its figures. */
export interface Effort {
  /** A run that only shows that everything still works: its figures mean nothing. */
  readonly quick: boolean;
  /** How many paired rounds each comparison gets. */
  readonly rounds: number;
  /** How long one contender runs in one round, in milliseconds. */
  readonly roundMs: number;
}

/** A part of the benchmark: it measures something and writes tables. */
export interface Scenario {
  /** What stands on the command line: `pnpm bench name`. */
  readonly name: string;
  /** The heading in the report. */
  readonly title: string;
  run(report: Report, effort: Effort): Promise<void>;
}
