import type { RefusalKind } from '../refusals.js';
import type { RevokedBy } from './channels.js';

/** What went wrong last, and when. */
export interface LastFailure {
  /** In milliseconds since the epoch, by `runtime.now`. */
  readonly at: number;
  /** In words that hold no secret, no path and nothing of a response. */
  readonly reason: string;
}

/** Members of every key set's health. */
export interface KeySetAttempts {
  /** The option that names the key set: `jwtSecret`, or such as `jwtSecrets[1]`. */
  readonly keySet: string;
  /** The origin of its address. */
  readonly origin: string;
  /** How many fetches have failed since the last one that succeeded. */
  readonly failures: number;
  /** The failure of the last fetch; undefined if it succeeded. */
  readonly lastFailure: LastFailure | undefined;
}

/** A key set that is in use; a stale one is being fetched again. */
export interface KeySetInUse extends KeySetAttempts {
  readonly state: 'fresh' | 'stale';
  /** How many keys can be used. With 0 every token is rejected. */
  readonly keys: number;
  /** How long ago it was fetched, in milliseconds. */
  readonly ageMs: number;
}

/** A key set that was not fetched yet, or is older than `keySets.maxStaleMs` allows: tokens are rejected with 503. */
export interface KeySetAbsent extends KeySetAttempts {
  readonly state: 'absent';
  readonly keys: 0;
  readonly ageMs: undefined;
}

/** How one remote key set is doing. */
export type KeySetHealth = KeySetInUse | KeySetAbsent;

/** How the auth webhook is doing. */
export interface HookHealth {
  /** The origin of its address. */
  readonly origin: string;
  /** How many calls have had no usable response since the last one that had. */
  readonly failures: number;
  /** When the last of them was, in milliseconds since the epoch, and its kind; undefined if there is none. */
  readonly lastFailure: { readonly at: number; readonly kind: RefusalKind } | undefined;
  /** How many calls are in progress. */
  readonly inProgress: number;
}

/** How the list of revocations is doing. */
export interface RevocationHealth {
  /** How many entries are in force, by what they name; those that ended within the last minute may be among them. */
  readonly entries: Readonly<Record<RevokedBy, number>>;
  /**
   * For how long entries of other processes may have been missed, in milliseconds: about 0 while the store is in contact;
   * undefined before it was read.
   */
  readonly stalenessMs: number | undefined;
}

/** How an authenticator is doing, for a readiness probe. Holds no secret. */
export interface Health {
  /**
   * Whether requests can be decided: every remote key set has a key, and tokens are not refused because revocations may
   * have been missed (`revocations.onUnavailable`). An auth webhook that fails does not count, since no
   * other instance would do better.
   */
  readonly ready: boolean;
  /** The remote key sets, in the order of the configuration; empty if there is none. */
  readonly keySets: readonly KeySetHealth[];
  /** The auth webhook; undefined in another mode. */
  readonly hook: HookHealth | undefined;
  /** The revocations; undefined if there is no store and nothing was revoked. */
  readonly revocations: RevocationHealth | undefined;
  /** How many WebSockets are open, in all registries of the authenticator. */
  readonly connections: number;
}

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
