import { roundsByAlgorithm, tableByAlgorithm, type RoundsByAlgorithm } from './by-algorithm.js';
import { workAlone } from './app-work.js';
import type { Report } from './report.js';
import { roundsOf, type Rounds } from './rounds.js';
import type { Effort, Scenario } from './scenario.js';
import { figure, pairedRatio, spreadOf } from './spread.js';
import { limit } from './verifiers.js';

/** Fewer and longer rounds than elsewhere, so that each contains its share of garbage collection. */
function busyEffort(effort: Effort): Effort {
  return effort.quick ? effort : { ...effort, shortRounds: 21, shortRoundMs: 200 };
}

/** Subtracts the time of the work alone from each contender's time, round by round. */
function beyondWork(rounds: Rounds): Rounds {
  const work = roundsOf(rounds, workAlone);
  return new Map(
    [...rounds]
      .filter(([name]) => name !== workAlone)
      .map(([name, values]) => [name, values.map((value, round) => value - (work[round] ?? NaN))]),
  );
}

function accept(report: Report, byAlgorithm: RoundsByAlgorithm): void {
  for (const [alg, rounds] of byAlgorithm) {
    const ratio = (name: string, peer: string) =>
      pairedRatio(roundsOf(rounds, name), roundsOf(rounds, peer));
    report.accept(
      `busy, ${alg}, warm, hasura-auth / fast-jwt with its cache`,
      ratio('hasura-auth, cache on', 'fast-jwt, cache on'),
      1 / 3,
    );
    if (alg !== 'EdDSA')
      report.accept(
        `busy, ${alg}, cold, hasura-auth / fast-jwt without its cache`,
        ratio('hasura-auth, cache off', 'fast-jwt, cache off'),
        1,
        'within noise counts',
      );
  }
}

export const scenario: Scenario = {
  title: 'The same in a busy process: 100 MiB of live objects, other work between verifications',
  async run(report, effort) {
    const measured = await roundsByAlgorithm('busy-rounds.ts', [], busyEffort(effort));
    const work = [...measured].map(
      ([alg, rounds]) => `${alg} ${figure(spreadOf(roundsOf(rounds, workAlone)).median)}`,
    );
    report.paragraph(
      `Beside each verification the process parses a JSON text; every eighth result replaces an object that lives long. The CPU time of this work alone (µs: ${work.join(', ')}) is subtracted. All contenders share one process for each algorithm; V8 collects garbage when it wants to. 100 tokens in turn, rounds of 200 ms.`,
    );
    const beyond = new Map([...measured].map(([alg, rounds]) => [alg, beyondWork(rounds)]));
    tableByAlgorithm(report, limit, beyond);
    accept(report, beyond);
  },
};
