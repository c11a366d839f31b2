import type { Report } from './report.js';

/** How much a scenario measures. */
export interface Effort {
  /** Whether the run only shows that the scenario works; its figures mean nothing. */
  readonly quick: boolean;
  /** The number of paired rounds in a comparison whose rounds take seconds. */
  readonly rounds: number;
  /**
   * The number of paired rounds in a comparison within one process. Many short rounds are better than few long ones:
   * whatever slows the machine then lasts longer than a round, and slows all contenders of that round alike.
   */
  readonly shortRounds: number;
  /** The duration of a contender's turn in a short round, in milliseconds. */
  readonly shortRoundMs: number;
}

/** A part of the benchmark, which writes its results to the report. */
export interface Scenario {
  /** The heading of its section in the report. */
  readonly title: string;
  run(report: Report, effort: Effort): Promise<void>;
}
