import { ConfigError } from '../errors.js';
import { count, recordOf } from '../option-checks.js';
import { callHarmlessly } from '../runtime.js';
import type {
  RevocationEntry,
  RevocationListener,
  RevocationStore,
  TokensRevocation,
} from './store.js';

/** The bound of a store in memory. */
export interface MemoryRevocationsOptions {
  /** How many entries are kept at most, at least 1; beyond it `add` rejects. Default 100 000. */
  readonly maxEntries?: number | undefined;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** What makes two entries one: adding the second replaces the first, which it never shortens. */
function keyOf(entry: TokensRevocation): string {
  const iss = 'iss' in entry ? entry.iss : undefined;
  const withoutSid = entry.by === 'sub' && entry.withoutSid === true;
  return JSON.stringify([entry.by, iss ?? null, entry.value, withoutSid]);
}

function joined(known: RevocationEntry | undefined, entry: RevocationEntry): RevocationEntry {
  if (known === undefined) return entry;
  const until = Math.max(known.until, entry.until);
  return 'before' in entry && 'before' in known
    ? { ...entry, until, before: Math.max(entry.before, known.before) }
    : { ...entry, until };
}

/**
 * A store in memory: several authenticators of one process that are given it share their revocations. A single
 * authenticator needs none. Also the example of what a store is.
 *
 * @throws ConfigError if an option is wrong.
 * @example
 * const revocations = memoryRevocations();
 * const api = createAuthenticator({ adminSecret: false, jwtSecret, revocations });
 * const sockets = createAuthenticator({ adminSecret: false, jwtSecret, revocations });
 */
export function memoryRevocations(options: MemoryRevocationsOptions = {}): RevocationStore {
  const { now = () => Date.now() } = recordOf(
    options,
    ['maxEntries', 'now'],
    'memoryRevocations',
  ) as MemoryRevocationsOptions; // each is checked below
  if (typeof now !== 'function')
    throw new ConfigError('memoryRevocations.now', 'expected a function');
  const maxEntries = count(options.maxEntries, 'memoryRevocations.maxEntries', 100_000, {
    least: 1,
  });
  const kept = new Map<string, RevocationEntry>();
  const listeners = new Set<RevocationListener>();

  function removeEnded(): void {
    const time = now();
    for (const [key, { until }] of kept) if (until <= time) kept.delete(key);
  }

  return {
    async *load() {
      const time = now();
      for (const entry of [...kept.values()]) if (entry.until > time) yield entry;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async add(entry) {
      if (entry.by !== 'connections') {
        const key = keyOf(entry);
        if (!kept.has(key) && kept.size >= maxEntries) removeEnded();
        if (!kept.has(key) && kept.size >= maxEntries)
          throw new Error(`memoryRevocations: ${String(maxEntries)} entries are kept already`);
        kept.set(key, joined(kept.get(key), entry));
      }
      for (const listener of [...listeners]) callHarmlessly(() => listener.onEntry(entry));
    },
  };
}
