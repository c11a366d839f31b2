import type { Health } from './health.js';

type ReadHealth = () => Health;

/** A registered symbol, so that the ESM and the CommonJS build of core share one list in a process. */
const listKey: unique symbol = Symbol.for('@hasura-auth/health');

/** The authenticators of the process, held weakly: one that the app has dropped must not be kept by its metrics. */
interface LiveList {
  readonly readers: Set<WeakRef<ReadHealth>>;
  /** How many there were after the last time that the collected ones were taken out. */
  leftAfterSweep: number;
}

function list(): LiveList {
  const shared = globalThis as { [listKey]?: LiveList }; // nothing else uses that symbol
  return (shared[listKey] ??= { readers: new Set(), leftAfterSweep: 0 });
}

/** Takes out the authenticators that are no more, and returns the others. */
function sweep(live: LiveList): readonly ReadHealth[] {
  const left: ReadHealth[] = [];
  for (const reference of live.readers) {
    const read = reference.deref();
    if (read === undefined) live.readers.delete(reference);
    else left.push(read);
  }
  live.leftAfterSweep = left.length;
  return left;
}

/**
 * Lets the metrics of the process read how an authenticator is doing at the time of a scrape, until the returned function
 * is called. That function keeps `read`, which is held weakly otherwise.
 */
export function announceHealth(read: ReadHealth): () => void {
  // Some runtimes have no WeakRef; there, the gauges of metrics have no values.
  if (typeof (globalThis as { WeakRef?: unknown }).WeakRef !== 'function') return () => undefined;
  const live = list();
  // An app that makes authenticators again and again leaves its references here.
  if (live.readers.size > 2 * live.leftAfterSweep + 100) sweep(live);
  live.readers.add(new WeakRef(read));
  return () => {
    for (const reference of live.readers)
      if (reference.deref() === read) live.readers.delete(reference);
  };
}

/** How each authenticator of the process is doing now, those that were closed left out. */
export function healthOfProcess(): readonly Health[] {
  return sweep(list()).flatMap((read) => {
    try {
      return read();
    } catch {
      return []; // an injected clock that fails
    }
  });
}
