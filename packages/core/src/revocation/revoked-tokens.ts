import type { RevokedBy } from '../observability/channels.js';
import type { JwtClaims } from '../session.js';
import type { TokensRevocation } from './store.js';

/** The entries with one value and one issuer, as one: the latest end and the latest `before` of them. */
interface Kept {
  readonly iss: string | undefined;
  /** In seconds; Infinity if the entry does not go by the time of issue, -Infinity if it is for tokens without `sid` only. */
  before: number;
  /** The same for tokens without `sid`. */
  beforeWithoutSid: number;
  /** In milliseconds since the epoch. */
  until: number;
  /** In which reading of the store, or after it, the entry was last put. */
  reading: number;
}

/** Almost every value has entries of one issuer only, so that a Map of its own for each would be a waste. */
type KeptOfValue = Kept | Map<string | undefined, Kept>;

/** What an entry did: `full` if it was not kept, `known` if it changes nothing. */
export type PutResult = 'added' | 'known' | 'full';

const kinds = ['token', 'jti', 'sid', 'sub', 'issuer'] as const;

/** After how many entries a sweep or a search may pause. */
const visitedAtOnce = 1000;
/** How often all entries are swept at once if there is no room, in milliseconds. */
const sweepEveryMs = 1000;

function keptOf(entry: TokensRevocation, reading: number): Kept {
  const { until } = entry;
  switch (entry.by) {
    case 'token':
      return { iss: undefined, before: Infinity, beforeWithoutSid: Infinity, until, reading };
    case 'jti':
    case 'sid':
      return { iss: entry.iss, before: Infinity, beforeWithoutSid: Infinity, until, reading };
    case 'issuer':
      return {
        iss: undefined,
        before: entry.before,
        beforeWithoutSid: entry.before,
        until,
        reading,
      };
    case 'sub': {
      const before = entry.withoutSid === true ? -Infinity : entry.before;
      return { iss: entry.iss, before, beforeWithoutSid: entry.before, until, reading };
    }
  }
}

/** The entries that were joined into one. */
function entriesOf(by: RevokedBy, value: string, kept: Kept): readonly TokensRevocation[] {
  const { iss, before, beforeWithoutSid, until } = kept;
  switch (by) {
    case 'token':
      return [{ by, value, until }];
    case 'jti':
    case 'sid':
      return [{ by, iss, value, until }];
    case 'issuer':
      return [{ by, value, before, until }];
    case 'sub': {
      const entries: TokensRevocation[] = [];
      if (before > -Infinity) entries.push({ by, iss, value, before, until });
      if (beforeWithoutSid > before)
        entries.push({ by, iss, value, before: beforeWithoutSid, withoutSid: true, until });
      return entries;
    }
  }
}

/** Whether one revokes at least what another does, and for as long. */
function covers(one: Kept, other: Kept): boolean {
  return (
    one.until >= other.until &&
    one.before >= other.before &&
    one.beforeWithoutSid >= other.beforeWithoutSid
  );
}

/** Joins a later entry into an earlier one, and returns whether anything changed. */
function join(kept: Kept, later: Kept): boolean {
  const changes =
    later.until > kept.until ||
    later.before > kept.before ||
    later.beforeWithoutSid > kept.beforeWithoutSid;
  kept.until = Math.max(kept.until, later.until);
  kept.before = Math.max(kept.before, later.before);
  kept.beforeWithoutSid = Math.max(kept.beforeWithoutSid, later.beforeWithoutSid);
  return changes;
}

function revokes(kept: Kept | undefined, { iss, iat, sid }: JwtClaims, now: number): boolean {
  if (kept === undefined || kept.until <= now) return false;
  if (kept.iss !== undefined && kept.iss !== iss) return false;
  const before = typeof sid === 'string' ? kept.before : kept.beforeWithoutSid;
  return iat === undefined ? before > -Infinity : iat < before;
}

const noClaims: JwtClaims = {};

/**
 * The entries that are in force, in this process. An entry leaves when it has ended and never before, so that reading a
 * store again is adding to what is there.
 */
export class RevokedTokens {
  /** Grows with every entry that changes anything: what was not revoked at this version still is not. */
  version = 0;
  readonly #kinds: Readonly<Record<RevokedBy, Map<string, KeptOfValue>>> = {
    token: new Map(),
    jti: new Map(),
    sid: new Map(),
    sub: new Map(),
    issuer: new Map(),
  };
  readonly #counts: Record<RevokedBy, number> = {
    token: 0,
    jti: 0,
    sid: 0,
    sub: 0,
    issuer: 0,
  };
  readonly #maxEntries: number;
  #size = 0;
  #reading = 0;
  /** What the store was seen to have of an entry that is stricter here. */
  #readInPart = new WeakMap<Kept, Kept>();
  #sweptAt = -Infinity;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  /** How many entries are kept, some of which may have ended. */
  get size(): number {
    return this.#size;
  }

  /** The same by kind. */
  get counts(): Readonly<Record<RevokedBy, number>> {
    return { ...this.#counts };
  }

  /** Adds an entry. Ended ones make room for it; it is not kept if there is none, and no other entry is removed. */
  put(entry: TokensRevocation, now: number): PutResult {
    const map = this.#kinds[entry.by];
    const later = keptOf(entry, this.#reading);
    const ofValue = map.get(entry.value);
    const kept = ofValue instanceof Map ? ofValue.get(later.iss) : ofValue;
    if (kept?.iss === later.iss && kept !== undefined) {
      const changes = join(kept, later);
      this.#wasRead(kept, later);
      if (!changes) return 'known';
      this.version++;
      return 'added';
    }
    if (later.until <= now) return 'known';
    if (!this.#hasRoom(now)) return 'full';
    // A sweep may have removed what the value had.
    const there = map.get(entry.value);
    if (there === undefined) map.set(entry.value, later);
    else if (there instanceof Map) there.set(later.iss, later);
    else map.set(entry.value, new Map([there, later].map((one) => [one.iss, one])));
    this.#size++;
    this.#counts[entry.by]++;
    this.version++;
    return 'added';
  }

  /** The store is read from its beginning: what is not put from now on is `unread`. */
  beginReading(): void {
    this.#reading++;
    this.#readInPart = new WeakMap();
  }

  /** Notes that the store has an entry. It may have an older one, which revokes less than is known here. */
  #wasRead(kept: Kept, entry: Kept): void {
    const read = this.#readInPart.get(kept) ?? entry;
    join(read, entry);
    if (covers(read, kept)) {
      kept.reading = this.#reading;
      this.#readInPart.delete(kept);
    } else this.#readInPart.set(kept, read);
  }

  /** The entries that were not put since the reading began. Yields undefined now and then, so that the caller may pause. */
  *unread(now: number): Generator<TokensRevocation | undefined, void> {
    const reading = this.#reading; // another one may begin during a pause
    let visited = 0;
    for (const by of kinds)
      for (const [value, ofValue] of this.#kinds[by]) {
        for (const kept of ofValue instanceof Map ? ofValue.values() : [ofValue])
          if (kept.reading < reading && kept.until > now) yield* entriesOf(by, value, kept);
        if (++visited % visitedAtOnce === 0) yield undefined;
      }
  }

  /** Whether tokens are revoked by identity at all, so that it is worth computing one. */
  get hasIdentities(): boolean {
    return this.#kinds.token.size > 0;
  }

  /** Whether a token is revoked by its identity. */
  revokesIdentity(identity: string, now: number): boolean {
    return this.#revokes('token', identity, noClaims, now);
  }

  /** Whether a token is revoked by one of its claims, which are verified. */
  revokesClaims(claims: JwtClaims, now: number): boolean {
    const { jti, sid, sub, iss } = claims;
    return (
      (typeof jti === 'string' && this.#revokes('jti', jti, claims, now)) ||
      (typeof sid === 'string' && this.#revokes('sid', sid, claims, now)) ||
      (typeof sub === 'string' && this.#revokes('sub', sub, claims, now)) ||
      (iss !== undefined && this.#revokes('issuer', iss, claims, now))
    );
  }

  /** Removes the entries that have ended. Yields now and then, so that the caller may pause. */
  *sweep(now: number): Generator<undefined, void> {
    let visited = 0;
    for (const by of kinds) {
      const map = this.#kinds[by];
      for (const [value, kept] of map) {
        if (kept instanceof Map) {
          for (const [iss, one] of kept)
            if (one.until <= now && kept.delete(iss)) this.#removed(by);
          if (kept.size === 0) map.delete(value);
        } else if (kept.until <= now && map.delete(value)) this.#removed(by);
        if (++visited % visitedAtOnce === 0) yield;
      }
    }
  }

  #removed(by: RevokedBy): void {
    this.#size--;
    this.#counts[by]--;
  }

  #hasRoom(now: number): boolean {
    if (this.#size >= this.#maxEntries && Math.abs(now - this.#sweptAt) >= sweepEveryMs) {
      this.#sweptAt = now;
      const sweeping = this.sweep(now);
      while (sweeping.next().done !== true); // without a pause: the caller needs the room
    }
    return this.#size < this.#maxEntries;
  }

  #revokes(by: RevokedBy, value: string, claims: JwtClaims, now: number): boolean {
    const kept = this.#kinds[by].get(value);
    return kept instanceof Map
      ? revokes(kept.get(undefined), claims, now) || revokes(kept.get(claims.iss), claims, now)
      : revokes(kept, claims, now);
  }
}
