import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // what that flag adds

/** The heap in bytes, after everything that can be freed was freed. */
export async function heapBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve)); // finalizers run between turns
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
