import { startChild } from './child.js';
import type { Report } from './report.js';
import { roundsOf, type Rounds } from './rounds.js';
import type { Effort } from './scenario.js';
import { figure, pairedRatio, spreadOf } from './spread.js';
import { benchAlgorithms, type BenchAlgorithm } from './tokens.js';

/** The message of a program that measures one algorithm: each contender's rounds. */
export type SentRounds = readonly (readonly [name: string, microseconds: readonly number[]])[];

export type RoundsByAlgorithm = ReadonlyMap<BenchAlgorithm, Rounds>;

/**
 * Runs a program of this folder for each algorithm in its own process, with the algorithm, `words` and the effort as
 * arguments. The processes are separate because V8 compiles code that has seen several algorithms for all of them, and a
 * server usually has one.
 */
export async function roundsByAlgorithm(
  program: string,
  words: readonly string[],
  effort: Effort,
): Promise<RoundsByAlgorithm> {
  const byAlgorithm = new Map<BenchAlgorithm, Rounds>();
  for (const alg of benchAlgorithms) {
    const { child, ready } = await startChild(program, alg, ...words, JSON.stringify(effort));
    await child.stop();
    byAlgorithm.set(alg, new Map(ready as SentRounds)); // each of these programs sends this
  }
  return byAlgorithm;
}

/** Writes a table with a row for each contender and a column for each algorithm. The first row is `base`. */
export function tableByAlgorithm(
  report: Report,
  base: string,
  byAlgorithm: RoundsByAlgorithm,
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
