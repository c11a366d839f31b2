import { startChild } from './child.js';
import type { Report } from './report.js';
import { roundsOf, type Rounds } from './rounds.js';
import type { Effort, Scenario } from './scenario.js';
import { figure, pairedRatio, spreadOf } from './spread.js';
import { benchAlgorithms, type BenchAlgorithm } from './tokens.js';
import type { SentRounds, TokenState } from './verification-state.js';

const limit = 'bare node:crypto (the limit)';

/** Each algorithm in a process of its own, as servers have one: code that has seen four is compiled for all of them. */
async function roundsByAlgorithm(
  state: TokenState,
  effort: Effort,
): Promise<ReadonlyMap<BenchAlgorithm, Rounds>> {
  const byAlgorithm = new Map<BenchAlgorithm, Rounds>();
  for (const alg of benchAlgorithms) {
    const words = [alg, state, JSON.stringify(effort)];
    const { child, ready } = await startChild('verification-rounds.ts', ...words);
    await child.stop();
    byAlgorithm.set(alg, new Map(ready as SentRounds)); // what that program sends
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
  report.say('Warm: 100 tokens that were verified before, in turn.');
  const rounds = await roundsByAlgorithm('warm', effort);
  tableOf(report, 'ideal Map', rounds);
  for (const [alg, of] of rounds)
    report.accept(
      `${alg}, warm, ourselves / fast-jwt with its cache`,
      pairedRatio(roundsOf(of, 'ourselves, cache on'), roundsOf(of, 'fast-jwt, cache on')),
      0.334,
    );
}

/** How far from the limit a cold verification may be. */
const coldBounds = { HS256: 1.5, RS256: 1.15, ES256: 1.1, EdDSA: 1.1 } as const;

async function cold(report: Report, effort: Effort): Promise<void> {
  report.say('Cold: every token is verified, 2,000 different ones in turn, nothing kept.');
  const rounds = await roundsByAlgorithm('cold', effort);
  tableOf(report, limit, rounds);
  for (const [alg, of] of rounds) {
    const ours = roundsOf(of, 'ourselves, cache off');
    report.accept(
      `${alg}, cold, ourselves / limit`,
      pairedRatio(ours, roundsOf(of, limit)),
      coldBounds[alg],
    );
    report.accept(
      `${alg}, cold, ourselves / fast-jwt without its cache`,
      pairedRatio(ours, roundsOf(of, 'fast-jwt, cache off')),
      1,
      'within noise counts',
    );
  }
}

export const scenario: Scenario = {
  name: 'verification',
  title: 'One verification in this process, a payload of 465 bytes',
  async run(report, effort) {
    await warm(report, effort);
    await cold(report, effort);
  },
};
