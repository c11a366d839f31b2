import { startChild } from './child.js';
import type { Report } from './report.js';
import { roundsOf, type Rounds } from './rounds.js';
import type { Effort, Scenario } from './scenario.js';
import { figure, pairedRatio, spreadOf } from './spread.js';
import { benchAlgorithms, type BenchAlgorithm } from './tokens.js';
import type { SentRounds, TokenState } from './verification-rounds.js';

const limit = 'bare node:crypto (the limit)';

/** Measures each algorithm in its own process: V8 compiles code that has seen several algorithms for all of them. */
async function roundsByAlgorithm(
  state: TokenState,
  effort: Effort,
): Promise<ReadonlyMap<BenchAlgorithm, Rounds>> {
  const byAlgorithm = new Map<BenchAlgorithm, Rounds>();
  for (const alg of benchAlgorithms) {
    const words = [alg, state, JSON.stringify(effort)];
    const { child, ready } = await startChild('verification-rounds.ts', ...words);
    await child.stop();
    byAlgorithm.set(alg, new Map(ready as SentRounds)); // verification-rounds.ts sends this
  }
  return byAlgorithm;
}

function tableOf(
  report: Report,
  base: string,
  byAlgorithm: ReadonlyMap<BenchAlgorithm, Rounds>,
): void {
  const names = new Set([...byAlgorithm.values()].flatMap((rounds) => [...rounds.keys()]));
  report.table(
    ['µs of CPU; in brackets the ratio to the first row', ...byAlgorithm.keys()],
    [...names].map((name) => [
      name,
      ...[...byAlgorithm.values()].map((rounds) => {
        const own = rounds.get(name);
        if (own === undefined) return '–';
        const ratio = pairedRatio(own, roundsOf(rounds, base));
        return `${figure(spreadOf(own).median)} (${figure(ratio.median)})`;
      }),
    ]),
  );
}

async function warm(report: Report, effort: Effort): Promise<void> {
  report.paragraph('Warm: 100 tokens in turn, all verified before.');
  const rounds = await roundsByAlgorithm('warm', effort);
  tableOf(report, 'ideal Map', rounds);
  for (const [alg, of] of rounds)
    report.accept(
      `${alg}, warm, hasura-auth / fast-jwt with its cache`,
      pairedRatio(roundsOf(of, 'hasura-auth, cache on'), roundsOf(of, 'fast-jwt, cache on')),
      1 / 3,
    );
}

/** How many times as long as the limit a cold verification may take. */
const coldBounds = { HS256: 1.6, RS256: 1.15, ES256: 1.1, EdDSA: 1.1 } as const;

async function cold(report: Report, effort: Effort): Promise<void> {
  report.paragraph('Cold: 2,000 tokens in turn, each of them verified, nothing cached.');
  const rounds = await roundsByAlgorithm('cold', effort);
  tableOf(report, limit, rounds);
  for (const [alg, of] of rounds) {
    const own = roundsOf(of, 'hasura-auth, cache off');
    report.accept(
      `${alg}, cold, hasura-auth / limit`,
      pairedRatio(own, roundsOf(of, limit)),
      coldBounds[alg],
    );
    report.accept(
      `${alg}, cold, hasura-auth / fast-jwt without its cache`,
      pairedRatio(own, roundsOf(of, 'fast-jwt, cache off')),
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
