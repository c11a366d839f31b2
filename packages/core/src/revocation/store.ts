import { isRecord, type Members } from '../json.js';

/** Revokes one token, by its identity. */
export interface TokenRevocation {
  readonly by: 'token';
  /**
   * The identity of the token: SHA-256, in base64url, of header and payload of a JWS, of the whole text of anything else.
   */
  readonly value: string;
  /** When the entry ends, in milliseconds since the epoch. */
  readonly until: number;
}

/** Revokes the tokens with a token id (`jti`) or of a login session at the provider (`sid`). */
export interface IdRevocation {
  readonly by: 'jti' | 'sid';
  /** The only issuer whose tokens the entry revokes, compared with `iss`. Absent: tokens of any issuer. */
  readonly iss?: string | undefined;
  /** The value of the claim. */
  readonly value: string;
  /** When the entry ends, in milliseconds since the epoch. */
  readonly until: number;
}

/** Revokes the tokens of a user that were issued before a time. A token without `iat` is revoked. */
export interface SubjectRevocation {
  readonly by: 'sub';
  /** The only issuer whose tokens the entry revokes, compared with `iss`. Absent: tokens of any issuer. */
  readonly iss?: string | undefined;
  /** The value of the claim `sub`. */
  readonly value: string;
  /** Tokens whose `iat` is less are revoked; in seconds since the epoch, as `iat`. */
  readonly before: number;
  /**
   * Whether tokens that have a claim `sid` are left to the entries by `sid`. Default false. A provider's logout that names
   * both the session and the user adds one entry of each kind, since not every token has a `sid`.
   */
  readonly withoutSid?: boolean | undefined;
  /** When the entry ends, in milliseconds since the epoch. */
  readonly until: number;
}

/** Revokes all tokens of an issuer that were issued before a time. A token without `iat` is revoked. */
export interface IssuerRevocation {
  readonly by: 'issuer';
  /** The value of the claim `iss`. */
  readonly value: string;
  /** Tokens whose `iat` is less are revoked; in seconds since the epoch, as `iat`. */
  readonly before: number;
  /** When the entry ends, in milliseconds since the epoch. */
  readonly until: number;
}

/** An entry that revokes tokens until it ends. */
export type TokensRevocation =
  TokenRevocation | IdRevocation | SubjectRevocation | IssuerRevocation;

/**
 * Closes the open connections that match every criterion, once, on each process. A store announces it and does not keep
 * it: `load` never yields it.
 */
export interface ConnectionsEnd {
  readonly by: 'connections';
  /** A random id of the authenticator that announced it, which does not follow its own announcement. */
  readonly from: string;
  /** The role of the session. */
  readonly role?: string | undefined;
  /** A session variable by its name in lower case, and its exact value. */
  readonly variable?: { readonly name: string; readonly value: string } | undefined;
  /** The identity of a token of the connection. */
  readonly token?: string | undefined;
  /** The close code of the sockets. */
  readonly code: number;
  /** The reason that clients receive. */
  readonly reason: string;
  /** After this time the announcement has no effect, in milliseconds since the epoch. */
  readonly until: number;
}

/** What a store keeps or announces. Plain JSON: members that are absent or undefined mean the same. */
export type RevocationEntry = TokensRevocation | ConnectionsEnd;

/** What follows a store. No function of it throws, and each returns at once. */
export interface RevocationListener {
  /**
   * An entry was added, by this process or by another one. The same entry may be passed several times. An entry comes from
   * outside: it is checked here, and logged and ignored if it is malformed, so a store may pass on whatever it has read.
   * `addedAt` is when it was added, in milliseconds since the epoch, if the store knows; it only serves the events.
   */
  onEntry(entry: RevocationEntry, addedAt?: number): void;
  /**
   * Entries may have been missed, so that everything must be loaded again: `load` is called. What is known already stays in
   * force until its own end.
   */
  onGap(): void;
  /**
   * Every entry that was added until now has been passed on. A store with `currentEveryMs` calls this at least so often
   * while it is in contact with what it follows, and not while it is not.
   */
  onCurrent(): void;
}

/**
 * Where revoked tokens are kept, and how each process learns of them. A request never waits for the store: every process
 * holds all entries itself.
 *
 * @example
 * const revocations: RevocationStore = memoryRevocations();
 * const authenticator = createAuthenticator({ adminSecret: false, jwtSecret, revocations });
 */
export interface RevocationStore {
  /**
   * All entries that are kept and have not ended, in any order. Is called after `subscribe`, so that none is missed between
   * the two, and again after each `onGap`. What it throws is logged, and it is called again later.
   */
  load(): AsyncIterable<RevocationEntry>;
  /** Passes on what is added from now on. Returns a function that ends this. */
  subscribe(listener: RevocationListener): () => void;
  /**
   * Keeps an entry until it ends, and passes it to the listeners of all processes; an entry by `connections` is passed on
   * alone. Rejects if it could not be kept, or if the store is full: an entry is never dropped silently.
   */
  add(entry: RevocationEntry): Promise<void>;
  /**
   * Keeps entries that `load` did not yield although this process knows them: the store has lost them, such as by a restart
   * without its data. What it has kept stays as it is. Absent: the entries stay in force in the processes that know them.
   */
  restore?(entries: readonly TokensRevocation[]): Promise<void>;
  /**
   * How often `onCurrent` is called at least while the store is in contact, in milliseconds. Absent: the store cannot lose
   * contact with what it follows, such as one in memory.
   */
  readonly currentEveryMs?: number | undefined;
}

/** How long a value of an entry may be, in characters: a claim is at most as long as its token. */
export const longestValue = 4096;
/** How long the reason of a closed socket may be, in characters; a close frame holds 123 bytes. */
const longestReason = 1024;

/** Whether a value is a text that an entry may hold. */
export function isEntryText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestValue;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

const isAbsent = (value: unknown): value is undefined | null =>
  value === undefined || value === null;

const isOptionalText = (value: unknown): value is string | undefined | null =>
  isAbsent(value) || isEntryText(value);

/** Whether a number is a close code that a server may send (RFC 6455, section 7.4.2; `ws` and browsers allow no other). */
export function isCloseCode(code: unknown): code is number {
  return (
    Number.isInteger(code) && (code === 1000 || (Number(code) >= 3000 && Number(code) <= 4999))
  );
}

function readConnectionsEnd(entry: Members, until: number): ConnectionsEnd | undefined {
  const { from, role, variable, token, code, reason } = entry;
  if (!isEntryText(from) || !isOptionalText(role) || !isOptionalText(token)) return undefined;
  if (!isCloseCode(code)) return undefined;
  if (typeof reason !== 'string' || reason.length > longestReason) return undefined;
  const criteria = { role: role ?? undefined, token: token ?? undefined };
  if (isAbsent(variable))
    return isAbsent(role) && isAbsent(token)
      ? undefined // it would close every connection
      : { by: 'connections', from, ...criteria, code, reason, until };
  if (!isRecord(variable)) return undefined;
  const { name, value } = variable;
  if (!isEntryText(name) || !isEntryText(value)) return undefined;
  return { by: 'connections', from, ...criteria, variable: { name, value }, code, reason, until };
}

/**
 * Reads an entry that came from a store, which is outside: its known members only, each of its type. Undefined if it is
 * malformed.
 */
export function readEntry(entry: unknown): RevocationEntry | undefined {
  if (!isRecord(entry)) return undefined;
  const { by, until, value, before, iss, withoutSid } = entry;
  if (!isTime(until)) return undefined;
  if (by === 'connections') return readConnectionsEnd(entry, until);
  if (!isEntryText(value) || !isOptionalText(iss)) return undefined;
  switch (by) {
    case 'token':
      return { by, value, until };
    case 'jti':
    case 'sid':
      return { by, iss: iss ?? undefined, value, until };
    case 'sub':
      if (!isTime(before) || !(isAbsent(withoutSid) || typeof withoutSid === 'boolean'))
        return undefined;
      return { by, iss: iss ?? undefined, value, before, withoutSid: withoutSid === true, until };
    case 'issuer':
      return isTime(before) ? { by, value, before, until } : undefined;
    default:
      return undefined;
  }
}
