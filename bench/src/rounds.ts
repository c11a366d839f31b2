import type { Effort } from './scenario.js';
import { shuffled } from './shuffled.js';

/** Something that is measured by repeating it. */
export interface Contender {
  readonly name: string;
  /** Makes what the next operations will use, outside the measured time. */
  prepare?(operations: number): void | Promise<void>;
  /** Does so many operations, one after another. */
  run(operations: number): void | Promise<void>;
}

/** Microseconds of CPU for one operation, in each round, by the contender's name. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

/** What is prepared at once: little enough to stay in the processor's caches, as what a socket has just brought does. */
const batch = 500;

// CPU time and not the clock on the wall: it does not grow when another process takes the core away, and it counts what
// garbage collection and thread pool do for a contender.
async function cpuMicroseconds(contender: Contender, operations: number): Promise<number> {
  let spent = 0;
  for (let done = 0; done < operations; done += batch) {
    const size = Math.min(batch, operations - done);
    await contender.prepare?.(size);
    const before = process.cpuUsage();
    const pending = contender.run(size);
    if (pending !== undefined) await pending;
    const { user, system } = process.cpuUsage(before);
    spent += user + system;
  }
  return spent;
}

const warmMicroseconds = 50_000;

/** How many operations fill a round; also warms the contender up. */
async function calibrate(contender: Contender, { quick, shortRoundMs }: Effort): Promise<number> {
  if (quick) return 2;
  let operations = 100;
  for (;;) {
    const spent = await cpuMicroseconds(contender, operations);
    // after so long the code is compiled, and the estimate good enough
    if (spent > warmMicroseconds) return Math.ceil((operations * shortRoundMs * 1000) / spent);
    operations *= 3;
  }
}

/** Measures contenders in interleaved rounds; each in an order of its own, which favours nobody. */
export async function interleavedRounds(
  contenders: readonly Contender[],
  effort: Effort,
): Promise<Rounds> {
  const sizes = new Map<Contender, number>();
  for (const contender of contenders) sizes.set(contender, await calibrate(contender, effort));
  const results = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < effort.shortRounds; round++)
    for (const contender of shuffled(contenders)) {
      const operations = sizes.get(contender) ?? NaN;
      results
        .get(contender.name)
        ?.push((await cpuMicroseconds(contender, operations)) / operations);
    }
  return results;
}

/** The rounds of one contender. */
export function roundsOf(rounds: Rounds, name: string): readonly number[] {
  const found = rounds.get(name);
  if (found === undefined) throw new Error(`no contender is named ${name}`);
  return found;
}
