import type { Effort } from './scenario.js';

/** Code that is measured by repeating it. */
export interface Contender {
  readonly name: string;
  /** Makes the input of the next operations; this time is not measured. */
  prepare?(operations: number): void | Promise<void>;
  /** Does as many operations, one after another. */
  run(operations: number): void | Promise<void>;
}

/** Microseconds of CPU per operation in each round, by the contender's name. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

/** How many inputs are prepared at once: few enough to stay in the processor's caches, like a request just read from a socket. */
const batch = 500;

// CPU time and not wall-clock time: it does not grow when another process takes the core, and it includes the work of the
// garbage collector and the thread pool.
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

/** Finds how many operations fill a round; also warms the contender up. */
async function calibrate(contender: Contender, { quick, shortRoundMs }: Effort): Promise<number> {
  if (quick) return 2;
  let operations = 100;
  for (;;) {
    const spent = await cpuMicroseconds(contender, operations);
    // after this time the code is compiled and the estimate is good enough
    if (spent > warmMicroseconds) return Math.ceil((operations * shortRoundMs * 1000) / spent);
    operations *= 3;
  }
}

/**
 * The items in random order. A contender may leave work for later, such as garbage to collect. In random order that work
 * slows each of the others now and then, and not always the same one.
 */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

/** Measures contenders in interleaved rounds, each in random order. */
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

/** Returns the rounds of one contender. Throws if there is none of that name. */
export function roundsOf(rounds: Rounds, name: string): readonly number[] {
  const found = rounds.get(name);
  if (found === undefined) throw new Error(`no contender is named ${name}`);
  return found;
}
