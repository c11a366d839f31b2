import { roundsByAlgorithm, tableByAlgorithm } from './by-algorithm.js';
import type { Report } from './report.js';
import { roundsOf } from './rounds.js';
import type { Effort, Scenario } from './scenario.js';
import { pairedRatio } from './spread.js';
import { limit } from './verifiers.js';

const program = 'verification-rounds.ts';

async function warm(report: Report, effort: Effort): Promise<void> {
  report.paragraph('Warm: 100 tokens in turn, all verified before.');
  const byAlgorithm = await roundsByAlgorithm(program, ['warm'], effort);
  tableByAlgorithm(report, 'ideal Map', byAlgorithm);
  for (const [alg, rounds] of byAlgorithm)
    report.accept(
      `${alg}, warm, hasura-auth / fast-jwt with its cache`,
      pairedRatio(
        roundsOf(rounds, 'hasura-auth, cache on'),
        roundsOf(rounds, 'fast-jwt, cache on'),
      ),
      1 / 3,
    );
}

/** How many times as long as the limit a cold verification may take. */
const coldBounds = { HS256: 1.6, RS256: 1.15, ES256: 1.1, EdDSA: 1.1 } as const;

async function cold(report: Report, effort: Effort): Promise<void> {
  report.paragraph('Cold: 2,000 tokens in turn, each of them verified, nothing cached.');
  const byAlgorithm = await roundsByAlgorithm(program, ['cold'], effort);
  tableByAlgorithm(report, limit, byAlgorithm);
  for (const [alg, rounds] of byAlgorithm) {
    const own = roundsOf(rounds, 'hasura-auth, cache off');
    report.accept(
      `${alg}, cold, hasura-auth / bare node:crypto`,
      pairedRatio(own, roundsOf(rounds, limit)),
      coldBounds[alg],
    );
    report.accept(
      `${alg}, cold, hasura-auth / fast-jwt without its cache`,
      pairedRatio(own, roundsOf(rounds, 'fast-jwt, cache off')),
      1,
      'within noise counts',
    );
  }
}

export const scenario: Scenario = {
  title: 'One verification of a token with a payload of 465 bytes',
  async run(report, effort) {
    await warm(report, effort);
    await cold(report, effort);
  },
};
