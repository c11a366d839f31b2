import { AuthError } from '../errors.js';
import { tokenIdentity } from '../jwt/verify.js';
import { revocationChannels } from '../observability/channels.js';
import type { RevocationHealth } from '../observability/health.js';
import { ProblemLog } from '../problem-log.js';
import type { Runtime } from '../runtime.js';
import type { JwtClaims, Session } from '../session.js';
import type { RevocationSettings } from './options.js';
import { entryOf, type Revocation } from './revocation.js';
import { RevokedTokens } from './revoked-tokens.js';
import { failureOf, StoreFollower } from './store-follower.js';
import {
  readEntry,
  type ConnectionsEnd,
  type RevocationEntry,
  type TokensRevocation,
} from './store.js';

/** How often ended entries are removed, in milliseconds. */
const sweepEveryMs = 60_000;
/** How long an announcement has its effect on a process that was out of contact, in milliseconds. */
const announcedForMs = 600_000;

/** A verified token, with what was found out about it here. */
export interface RevocableToken {
  readonly claims: JwtClaims;
  /** Its identity, as soon as it was needed. */
  identity: string | undefined;
  /** The version of the entries at which the token was not revoked; 0 if it was never compared with one. */
  passed: number;
}

/** Follows what is revoked, for open connections. No function of it throws. */
export interface RevocationObserver {
  /** There are entries that were not there before. */
  revoked(): void;
  /** Connections are to be closed. */
  ended(which: ConnectionsEnd): void;
}

/** An event costs nothing without a subscriber. The clock of another machine may be ahead of ours. */
function publishEntry({ by }: RevocationEntry, addedAt: unknown, now: number): void {
  if (!revocationChannels.entry.hasSubscribers) return;
  const lagMs = typeof addedAt === 'number' ? Math.max(0, now - addedAt) : undefined;
  revocationChannels.entry.publish({ by, lagMs });
}

/**
 * The revocations of one authenticator: entries of its own and of its store, all in this process, so that no request waits
 * for a store.
 */
export class Revocations {
  readonly #settings: RevocationSettings;
  readonly #runtime: Runtime;
  readonly #skewMs: number | undefined;
  readonly #tokens: RevokedTokens;
  readonly #follower: StoreFollower | undefined;
  readonly #refusesIfStale: boolean;
  readonly #observers = new Set<RevocationObserver>();
  /** Distinguishes the announcements of this authenticator from those of others. */
  readonly #id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  readonly #log: ProblemLog;
  #isSweeping = false;
  /** Whether an entry of the store found no room. */
  #isFull = false;
  #isClosed = false;

  /** `skewMs` is the largest clock difference that a JWT configuration tolerates; undefined with a webhook. */
  constructor(settings: RevocationSettings, runtime: Runtime, skewMs: number | undefined) {
    this.#settings = settings;
    this.#runtime = runtime;
    // By a clock that cannot fail: what is logged here may be that of the app.
    this.#log = new ProblemLog('revocations', runtime.logger, () => performance.now());
    this.#skewMs = skewMs;
    this.#refusesIfStale = settings.maxStalenessMs !== undefined;
    this.#tokens = new RevokedTokens(settings.maxEntries);
    const { store } = settings;
    this.#follower =
      store &&
      new StoreFollower(store, runtime, {
        take: (entry, addedAt) => this.#takeFromStore(entry, addedAt),
        entries: () => this.#tokens.size,
        beginReading: () => this.#tokens.beginReading(),
        unread: () => this.#tokens.unread(this.#runtime.now()),
      });
    this.#follower?.start();
  }

  /**
   * Throws the AuthError `revoked` if a verified token is revoked, `revocations-unavailable` if that cannot be said. Costs a
   * comparison or two while there is no new entry. `text` is the token.
   */
  check(token: RevocableToken, text: string): void {
    if (this.#refusesIfStale && this.refusesTokens) throw new AuthError('revocations-unavailable');
    const { version } = this.#tokens;
    if (token.passed === version) return;
    const now = this.#runtime.now();
    if (this.#tokens.hasIdentities) {
      token.identity ??= tokenIdentity(text);
      if (this.#tokens.revokesIdentity(token.identity, now)) throw new AuthError('revoked');
    }
    if (this.#tokens.revokesClaims(token.claims, now)) throw new AuthError('revoked');
    token.passed = version;
  }

  /** The same for the tokens of a request that a webhook will decide about: they are known by their identity alone. */
  checkUnverified(tokens: () => readonly string[]): void {
    if (this.#refusesIfStale && this.refusesTokens) throw new AuthError('revocations-unavailable');
    if (!this.#tokens.hasIdentities) return;
    if (this.#hasRevoked(tokens().map(tokenIdentity), this.#runtime.now()))
      throw new AuthError('revoked');
  }

  /**
   * Whether a session is revoked that goes on without further requests, or was kept: of a token by its claims and
   * `identities`, of a webhook by its user id if it was decided before the user was revoked. `since` is when it was decided,
   * in milliseconds since the epoch.
   */
  revokesSession(session: Session, identities: readonly string[], since: number): boolean {
    if (this.#tokens.size === 0) return false;
    const { method, claims, sessionVariables } = session;
    if (method !== 'jwt' && method !== 'webhook') return false;
    const now = this.#runtime.now();
    if (this.#hasRevoked(identities, now)) return true;
    if (claims !== undefined) return this.#tokens.revokesClaims(claims, now);
    const sub = sessionVariables['x-hasura-user-id'];
    return sub !== undefined && this.#tokens.revokesClaims({ sub, iat: since / 1000 }, now);
  }

  /** Grows with every entry that changes anything. */
  get version(): number {
    return this.#tokens.version;
  }

  /** Revokes tokens: here at once, elsewhere when the store has passed it on. Rejects with a ConfigError, or what failed. */
  async revoke(revocation: Revocation): Promise<void> {
    const { maxTokenLifetimeMs } = this.#settings;
    const now = this.#runtime.now();
    const entry = entryOf(revocation, { now, maxTokenLifetimeMs, skewMs: this.#skewMs });
    if (entry.until > now) await this.add(entry);
  }

  /** The same with an entry. If the store fails, the entry is in force here all the same. */
  async add(entry: TokensRevocation): Promise<void> {
    if (this.#put(entry) === 'full')
      throw new Error(
        `revocations: ${String(this.#settings.maxEntries)} entries are in force, as many as maxEntries allows; nothing was revoked`,
      );
    await this.#settings.store?.add(entry);
  }

  /** Closes connections on every process. Those of other registries here are closed at once; a failure is logged. */
  announce(which: Omit<ConnectionsEnd, 'from' | 'by' | 'until'>, by: RevocationObserver): void {
    const until = this.#runtime.now() + announcedForMs;
    const entry: ConnectionsEnd = { by: 'connections', from: this.#id, ...which, until };
    for (const observer of [...this.#observers]) if (observer !== by) observer.ended(entry);
    const { store } = this.#settings;
    if (store === undefined) return;
    new Promise((resolve) => {
      resolve(store.add(entry));
    }).catch((error: unknown) => {
      this.#log.error(
        `closing connections could not be announced to other processes (${failureOf(error)})`,
      );
    });
  }

  /** Calls an observer from now on, until the function that it returns is called. */
  observe(observer: RevocationObserver): () => void {
    this.#observers.add(observer);
    return () => {
      this.#observers.delete(observer);
    };
  }

  /** Logs why a logout token of a provider had no effect: a reason in words that may be logged, or what failed. */
  reportLogout(reason: unknown): void {
    this.#log.error(
      typeof reason === 'string'
        ? `a logout token was rejected: ${reason}`
        : `a logout could not be stored (${failureOf(reason)}); the provider may try again`,
    );
  }

  /** Whether every token is refused, since entries may have been missed for too long. */
  get refusesTokens(): boolean {
    const { maxStalenessMs = Infinity } = this.#settings;
    return this.#follower !== undefined && this.#follower.stalenessMs() > maxStalenessMs;
  }

  /** Whether there is a store, or an entry. */
  get isUsed(): boolean {
    return this.#settings.store !== undefined || this.#tokens.size > 0;
  }

  /** Resolves when the store has been read once; rejects with what failed. */
  async ready(): Promise<void> {
    await this.#follower?.ready();
  }

  close(): void {
    this.#isClosed = true;
    this.#follower?.close();
  }

  /** What is known, for health checks and metrics. */
  get state(): RevocationHealth {
    const stalenessMs = this.#follower?.stalenessMs() ?? 0;
    return {
      entries: this.#tokens.counts,
      stalenessMs: Number.isFinite(stalenessMs) ? stalenessMs : undefined, // JSON has no Infinity
    };
  }

  /** `maxTokenLifetimeMs` from now, in milliseconds since the epoch: when an entry ends that says nothing else. */
  get longestUntil(): number {
    return this.#runtime.now() + this.#settings.maxTokenLifetimeMs;
  }

  #hasRevoked(identities: readonly string[], now: number): boolean {
    return identities.some((identity) => this.#tokens.revokesIdentity(identity, now));
  }

  #put(entry: TokensRevocation, addedAt?: unknown): ReturnType<RevokedTokens['put']> {
    const result = this.#tokens.put(entry, this.#runtime.now());
    if (result === 'added') {
      this.#sweepLater();
      publishEntry(entry, addedAt, this.#runtime.now());
      for (const observer of [...this.#observers]) observer.revoked();
    }
    return result;
  }

  /** Takes what the store passes on. False if there is no room for it. */
  #takeFromStore(value: unknown, addedAt: unknown): boolean {
    try {
      const entry = readEntry(value);
      if (entry !== undefined) return this.#take(entry, addedAt);
      this.#log.error('the store passed on an entry that is malformed, which has no effect');
    } catch (error) {
      this.#log.error(`an entry of the store could not be read (${failureOf(error)})`);
    }
    return true;
  }

  #take(entry: RevocationEntry, addedAt: unknown): boolean {
    if (entry.by === 'connections') {
      if (entry.from === this.#id || entry.until <= this.#runtime.now()) return true;
      publishEntry(entry, addedAt, this.#runtime.now());
      for (const observer of [...this.#observers]) observer.ended(entry);
      return true;
    }
    if (this.#put(entry, addedAt) !== 'full') return true;
    this.#isFull = true;
    this.#log.error(
      `there are more than ${String(this.#settings.maxEntries)} entries, as many as maxEntries allows; further entries of the store are not in force here`,
    );
    return false;
  }

  /** One timer for all entries, while there are any. */
  #sweepLater(): void {
    if (this.#isSweeping || this.#isClosed) return;
    this.#isSweeping = true;
    try {
      this.#runtime.setTimeout(() => this.#beginSweep(), sweepEveryMs);
    } catch {
      this.#isSweeping = false; // tried again with the next entry
    }
  }

  #beginSweep(): void {
    try {
      this.#sweep(this.#tokens.sweep(this.#runtime.now()));
    } catch {
      this.#isSweeping = false;
    }
  }

  /** A part of the entries in each turn. */
  #sweep(sweeping: Generator<undefined, void>): void {
    if (sweeping.next().done !== true) {
      setImmediate(() => this.#sweep(sweeping));
      return;
    }
    this.#isSweeping = false;
    if (this.#tokens.size > 0) this.#sweepLater();
    if (this.#isFull && this.#tokens.size < this.#settings.maxEntries) {
      this.#isFull = false;
      this.#follower?.reload();
    }
  }
}
