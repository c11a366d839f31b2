import { createHash } from 'node:crypto';
import type { RevocationEntry, TokensRevocation } from '@hasura-auth/core';
import type { RedisCommand, RedisConnection } from './client.js';
import type { RevocationKeys } from './keys.js';
import { UnavailableError } from './link.js';
import {
  listOf,
  numberOf,
  scoreOf,
  streamId,
  textOf,
  textOrNull,
  type StreamEntry,
} from './replies.js';

/** The field of the stream that holds an entry, as JSON. */
export const entryField = 'e';
/** The field of the stream that says that all entries are to be loaded again, with the id of the store that says so. */
export const reloadField = 'r';

/** How long Redis keeps an entry after its end, in milliseconds, since the clocks of machines differ. */
const marginMs = 60_000;
/** How many entries are read or written at once. */
const batchSize = 1000;

/** An object's members, their values of any type. */
type Members = Readonly<Record<string, unknown>>;

/** What the commands for entries depend on. */
export interface EntryRules {
  readonly keys: RevocationKeys;
  readonly maxEntries: number;
  /** About how many entries the stream keeps. */
  readonly maxLogLength: number;
  readonly now: () => number;
}

/** The store holds as many entries as it may: the entry was not added. */
export class FullError extends Error {
  override readonly name = 'FullError';

  constructor(maxEntries: number) {
    super(
      `the revocation was not stored: there are ${String(maxEntries)} entries (maxEntries) in Redis`,
    );
  }
}

/** What was stored. */
export interface Stored {
  /** How many entries there are. */
  readonly entries: number;
  /** The entry of the stream that passes it on. */
  readonly announced: StreamEntry;
}

/** The entry of the stream that an announcement has added, by its reply. */
export const announcedAs = (reply: unknown, field: string, value: string): StreamEntry => ({
  id: streamId(reply),
  fields: new Map([[field, value]]),
});

/** The command that passes something on to all processes. */
export function announcement(
  { keys, maxLogLength }: EntryRules,
  field: string,
  value: string,
): RedisCommand {
  return ['XADD', keys.log, 'MAXLEN', '~', String(maxLogLength), '*', field, value];
}

/** Redis refuses an end beyond what 64 bits hold; this one is 285,000 years away. */
const longestMs = Number.MAX_SAFE_INTEGER;

function setCommand(key: string, entry: TokensRevocation, now: number): string[] {
  const ms = Math.min(longestMs, Math.max(1, Math.ceil(entry.until - now + marginMs)));
  return ['SET', key, JSON.stringify(entry), 'PX', String(ms)];
}

const indexCommand = (index: string, key: string, until: number): RedisCommand => [
  'ZADD',
  index,
  'GT',
  String(until),
  key,
];

/** Removes ended entries from the index, and says how many there are and whether one is among them. */
async function makeRoom(
  connection: RedisConnection,
  { keys, now }: EntryRules,
  key: string,
): Promise<{ readonly entries: number; readonly isThere: boolean }> {
  const [, entries, end] = await connection.transaction([
    ['ZREMRANGEBYSCORE', keys.index, '-inf', `(${String(now() - marginMs)}`],
    ['ZCARD', keys.index],
    ['ZSCORE', keys.index, key],
  ]);
  return { entries: numberOf(entries), isThere: end !== null };
}

/** JSON has no endless numbers: an entry with one would be read as malformed. */
const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);

/** The members of a stored entry that another one for the same key could weaken. */
function bounds(text: string | undefined): { readonly before: number; readonly until: number } {
  const { before, until }: Members = (text === undefined ? undefined : parseMembers(text)) ?? {};
  return {
    before: isFiniteNumber(before) ? before : -Infinity,
    until: isFiniteNumber(until) ? until : -Infinity,
  };
}

/**
 * Stores an entry, and passes it on to all processes, in one transaction. An entry for the same key that revokes more, or
 * for longer, is not weakened: if one was replaced, the two are merged, until nothing stricter was replaced.
 */
export async function storeEntry(
  connection: RedisConnection,
  entry: TokensRevocation,
  rules: EntryRules,
): Promise<Stored> {
  const { keys, maxEntries, now } = rules;
  const key = keys.entry(entry);
  const { entries, isThere } = await makeRoom(connection, rules, key);
  if (!isThere && entries >= maxEntries) throw new FullError(maxEntries);
  let stored = { ...entry, until: Math.min(entry.until, Number.MAX_VALUE) };
  for (;;) {
    const text = JSON.stringify(stored);
    const [replaced, , id] = await connection.transaction([
      [...setCommand(key, stored, now()), 'GET'],
      indexCommand(keys.index, key, stored.until),
      announcement(rules, entryField, text),
    ]);
    const next = merged(stored, bounds(textOrNull(replaced)));
    if (next === undefined)
      return {
        entries: entries + (isThere ? 0 : 1),
        announced: announcedAs(id, entryField, text),
      };
    stored = next;
  }
}

/** The entry that revokes what either does; undefined if that is the entry itself. */
function merged(
  entry: TokensRevocation,
  replaced: { readonly before: number; readonly until: number },
): TokensRevocation | undefined {
  const until = Math.max(entry.until, replaced.until);
  if (entry.by !== 'sub' && entry.by !== 'issuer')
    return until > entry.until ? { ...entry, until } : undefined;
  const before = Math.max(entry.before, replaced.before);
  return until > entry.until || before > entry.before ? { ...entry, until, before } : undefined;
}

/** A part of the index: keys with their ends, and where the next part begins; `0` after the last one. */
async function indexPart(
  connection: RedisConnection,
  index: string,
  cursor: string,
): Promise<{ readonly cursor: string; readonly ends: ReadonlyMap<string, number> }> {
  const [next, flat] = listOf(
    await connection.send(['ZSCAN', index, cursor, 'COUNT', String(batchSize)]),
  );
  const pairs = listOf(flat);
  const ends = new Map<string, number>();
  for (let at = 0; at + 1 < pairs.length; at += 2)
    ends.set(textOf(pairs[at]), scoreOf(pairs[at + 1]));
  return { cursor: textOf(next), ends };
}

/** Some stored entries as JSON, where the next ones are, and how many that have not ended are gone. */
export interface LoadedPart {
  readonly cursor: string;
  readonly texts: readonly string[];
  readonly missing: number;
}

/** Reads the part of the entries that begins at a cursor, at first `0`. */
async function loadPart(
  connection: RedisConnection,
  from: string,
  { keys, now }: EntryRules,
): Promise<LoadedPart> {
  const { cursor, ends } = await indexPart(connection, keys.index, from);
  if (ends.size === 0) return { cursor, texts: [], missing: 0 };
  const names = [...ends.keys()];
  const texts = listOf(await connection.send(['MGET', ...names])).map(textOrNull);
  const found = texts.filter((text) => text !== undefined);
  const gone = names.filter((name, at) => texts[at] === undefined && (ends.get(name) ?? 0) > now());
  return { cursor, texts: found, missing: gone.length };
}

/** How often the reading of all entries begins before it fails. */
const mostBeginnings = 5;

/**
 * Reads all entries, in parts. A cursor means something only to the server that gave it: a connection that was opened again
 * may lead to another server, or to one that has restarted, so the reading begins again then, and some entries come twice.
 */
export async function* loadParts(
  run: <T>(use: (connection: RedisConnection, opened: RedisConnection) => Promise<T>) => Promise<T>,
  rules: EntryRules,
): AsyncGenerator<LoadedPart> {
  let scanned: RedisConnection | undefined;
  let beginnings = 0;
  let cursor = '0';
  do {
    const part = await run((connection, opened) => {
      if (opened !== scanned) {
        scanned = opened;
        cursor = '0';
        beginnings += 1;
      }
      return loadPart(connection, cursor, rules);
    });
    if (beginnings > mostBeginnings) throw new UnavailableError();
    cursor = part.cursor;
    yield part;
  } while (cursor !== '0');
}

/** How many announcements are remembered. */
const mostAnnouncements = 1000;

/**
 * Whether an announcement, by its text, comes for the first time: after a loss, the stream is read from its beginning. Of
 * each text its digest is kept, since others may write long ones into the stream.
 */
export function firstAnnouncements(): (text: string) => boolean {
  const passedOn = new Set<string>();
  return (text) => {
    const digest = createHash('sha256').update(text).digest('base64');
    if (passedOn.has(digest)) return false;
    passedOn.add(digest);
    for (const oldest of passedOn) {
      if (passedOn.size <= mostAnnouncements) break;
      passedOn.delete(oldest);
    }
    return true;
  };
}

/** Stores entries that Redis has lost, or of which it has an older version; what it has is never weakened. */
export async function restoreEntries(
  connection: RedisConnection,
  entries: readonly TokensRevocation[],
  { keys, now }: EntryRules,
): Promise<void> {
  for (let at = 0; at < entries.length; at += batchSize) {
    let batch = entries.slice(at, at + batchSize);
    while (batch.length > 0) {
      const commands = batch.flatMap((entry) => {
        const key = keys.entry(entry);
        return [
          [...setCommand(key, entry, now()), 'GET'],
          indexCommand(keys.index, key, entry.until),
        ];
      });
      const replies = await connection.transaction(commands);
      batch = batch.flatMap((entry, index) => {
        const next = merged(entry, bounds(textOrNull(replies[2 * index])));
        return next === undefined ? [] : [next];
      });
    }
  }
}

/** An object that was read as JSON from Redis, whatever its members are; undefined if it is none. */
function parseMembers(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** An entry that was read from Redis; undefined if it is no JSON object. */
export function parseEntry(text: string): RevocationEntry | undefined {
  const entry = parseMembers(text) as unknown;
  return entry as RevocationEntry | undefined; // whatever it is: listeners check it, as their contract says
}
