import { acceptsBy, prove } from './proof.js';
import type { Report } from './report.js';
import type { Scenario } from './scenario.js';
import { benchAlgorithms, benchKey } from './tokens.js';
import { verifiers } from './verifiers.js';

/** Shows that every contender tells good tokens from bad ones; a contender that does not ends the run. */
export const scenario: Scenario = {
  name: 'proofs',
  title: 'Every contender accepts a good token and refuses a tampered, an expired and a `none` one',
  async run(report: Report) {
    const proven = new Map<string, string[]>();
    for (const alg of benchAlgorithms) {
      const key = benchKey(alg);
      for (const { name, verify } of await verifiers(key)) {
        await prove(name, acceptsBy(verify), key);
        proven.set(name, [...(proven.get(name) ?? []), alg]);
      }
    }
    report.table(
      ['Contender', 'proven for'],
      [...proven].map(([name, algorithms]) => [name, algorithms.join(', ')]),
    );
  },
};
