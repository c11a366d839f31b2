import type { Report } from './report.js';

/** How much work a scenario puts into its figures. */
export interface Effort {
  /** A run that only shows that everything still works: its figures mean nothing. */
  readonly quick: boolean;
  /** How many paired rounds a comparison gets whose rounds take seconds. */
  readonly rounds: number;
  /**
   * The same for one in this process. Many short rounds beat few long ones: what slows a machine lasts for longer than
   * such a round, and then slows everybody in it.
   */
  readonly shortRounds: number;
  /** How long one contender runs in a short round, in milliseconds. */
  readonly shortRoundMs: number;
}

/** A part of the benchmark: it measures something and writes tables. */
export interface Scenario {
  /** What stands on the command line: `pnpm bench name`. */
  readonly name: string;
  /** The heading in the report. */
  readonly title: string;
  run(report: Report, effort: Effort): Promise<void>;
}
