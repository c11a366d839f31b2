import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // the flag adds this global function

/** The heap in bytes after garbage collection. */
export async function heapBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve)); // finalizers run between turns
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
