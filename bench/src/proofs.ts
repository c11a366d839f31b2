import { acceptsBy, prove } from './proof.js';
import type { Report } from './report.js';
import type { Scenario } from './scenario.js';
import { benchAlgorithms, benchKey } from './tokens.js';
import { verifiers } from './verifiers.js';

/** Proves that every contender accepts good tokens and rejects bad ones; ends the run if one does not. */
export const scenario: Scenario = {
  title:
    'Proof: every contender accepts a good token and rejects a tampered, an expired and an unsigned one',
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
