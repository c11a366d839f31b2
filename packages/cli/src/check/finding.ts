/** How much a finding matters: an error ends `check` with exit code 1. */
export type Level = 'error' | 'warning';

/** Something that `check` found in a configuration. */
export interface Finding {
  readonly level: Level;
  /** What is wrong, beginning with the variable or option; no secret is in it. */
  readonly message: string;
}

export const problem = (message: string): Finding => ({ level: 'error', message });
export const warning = (message: string): Finding => ({ level: 'warning', message });
