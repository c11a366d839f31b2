import { ConfigError } from '../errors.js';
import { isRecord } from '../json.js';
import { count, kindOf, oneOf, recordOf } from '../option-checks.js';
import type { RevocationStore } from './store.js';

/** How revoked tokens are kept. Not in Hasura. */
export interface RevocationOptions {
  /** The store that several processes share. Default: none, so that `revoke` is for this process. */
  readonly store?: RevocationStore | undefined;
  /**
   * What happens to tokens while entries of other processes may have been missed: `allow` accepts those that no known entry
   * revokes; `refuse` answers 503 once this lasts longer than `maxStalenessMs`, and until the store has been read once.
   * Default `allow`.
   */
  readonly onUnavailable?: 'allow' | 'refuse' | undefined;
  /**
   * How long entries of other processes may have been missed before tokens are refused, in milliseconds; at least twice the
   * store's `currentEveryMs`. Only with `onUnavailable: 'refuse'`. Default 60 000, or what that least is.
   */
  readonly maxStalenessMs?: number | undefined;
  /**
   * How many entries are kept in this process, at least 1. `revoke` rejects beyond it, and an entry of another process that
   * finds no room is logged as an error and counts as missed. Default 100 000, which takes about 20 MB.
   */
  readonly maxEntries?: number | undefined;
  /**
   * How long an entry is in force if nothing says when its tokens end, in milliseconds: as long as the tokens of your
   * provider live at most. A token that lives longer is valid again afterwards. Kept responses of a webhook are not used for
   * longer. Default 86 400 000 (24 hours).
   */
  readonly maxTokenLifetimeMs?: number | undefined;
}

/** The options, checked and with their defaults. */
export interface RevocationSettings {
  readonly store: RevocationStore | undefined;
  /** Undefined if tokens are accepted however long the store is out of contact. */
  readonly maxStalenessMs: number | undefined;
  readonly maxEntries: number;
  readonly maxTokenLifetimeMs: number;
}

const members = ['store', 'onUnavailable', 'maxStalenessMs', 'maxEntries', 'maxTokenLifetimeMs'];
const storeFunctions = ['load', 'subscribe', 'add'] as const;
const minuteMs = 60_000;
const dayMs = 86_400_000;

function parseStore(value: unknown, option: string): RevocationStore | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value))
    throw new ConfigError(option, `expected a revocation store, got ${kindOf(value)}`);
  for (const name of storeFunctions)
    if (typeof value[name] !== 'function')
      throw new ConfigError(
        option,
        `expected an object with the functions load, subscribe and add`,
      );
  const { currentEveryMs, restore } = value;
  if (restore !== undefined && typeof restore !== 'function')
    throw new ConfigError(`${option}.restore`, `expected a function, got ${kindOf(restore)}`);
  if (currentEveryMs !== undefined)
    count(currentEveryMs, `${option}.currentEveryMs`, 0, { least: 1 });
  return value as unknown as RevocationStore; // what its functions return is checked when they are called
}

/** Whether the option is a store itself: it has a function of one. */
function isStore(value: unknown): boolean {
  return isRecord(value) && storeFunctions.some((name) => typeof value[name] === 'function');
}

/** Reads `revocations`: a store, or an object of options. Throws a ConfigError. */
export function parseRevocations(value: unknown): RevocationSettings {
  const options = isStore(value)
    ? { store: value }
    : recordOf(value === undefined ? {} : value, members, 'revocations');
  const store = parseStore(options['store'], isStore(value) ? 'revocations' : 'revocations.store');
  const refuses =
    oneOf(options['onUnavailable'], ['allow', 'refuse'], 'revocations.onUnavailable', 'allow') ===
    'refuse';
  const given = options['maxStalenessMs'];
  if (given !== undefined && !refuses)
    throw new ConfigError(
      'revocations.maxStalenessMs',
      "it has an effect with onUnavailable: 'refuse' only; set both, or neither",
    );
  const least = 2 * (store?.currentEveryMs ?? 0);
  const maxStalenessMs = count(given, 'revocations.maxStalenessMs', Math.max(minuteMs, least), {
    least,
  });
  const atLeastOne = { least: 1 };
  return {
    store,
    maxStalenessMs: refuses ? maxStalenessMs : undefined,
    maxEntries: count(options['maxEntries'], 'revocations.maxEntries', 100_000, atLeastOne),
    maxTokenLifetimeMs: count(
      options['maxTokenLifetimeMs'],
      'revocations.maxTokenLifetimeMs',
      dayMs,
      atLeastOne,
    ),
  };
}
