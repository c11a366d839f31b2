import { AuthError, isAuthError } from '../errors.js';
import { tokenIdentity } from '../jwt/verify.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { ConnectionCloseCause, ReauthenticateEvent } from '../observability/channels.js';
import { connectionChannels } from '../observability/channels.js';
import type { RequestView } from '../request.js';
import type { Revocations } from '../revocation/revocations.js';
import type { Runtime } from '../runtime.js';
import type { Decision, Session } from '../session.js';
import {
  byClient,
  byExpiry,
  byRefusal,
  closeReason,
  ended,
  expired,
  forbiddenCloseCode,
  revoked,
  type ConnectionEnd,
  type SessionEnd,
} from './ends.js';
import { connectionView, type ConnectionRequest, type HandshakeRules } from './handshake.js';
import { Lifetime } from './lifetime.js';
import type { Delay, RefusalThrottle } from './refusal-throttle.js';
import type { SessionChange } from './rules.js';

/** Closes a socket. The reason fits a close frame. What it throws is logged. */
export type CloseSocket = (code: number, reason: string) => unknown;

/** One connection, from its first message to its end. */
export interface Connection {
  /** The current session. Throws an AuthError before there is one, and as soon as it has ended. */
  readonly session: Session;
  /**
   * Resolves the client's first message to a session and watches over its end. Rejects with an AuthError if the client is
   * refused; the caller then closes the socket. If the same token was refused before, it rejects later: `onDelay` is called
   * when that begins, so that the caller can let go of the client's message.
   */
  authenticate(request: ConnectionRequest, onDelay?: () => void): Promise<Session>;
  /**
   * Continues with a fresh token. Rejects with an AuthError if the token is refused, or if the session would change more
   * than `reauthentication` allows; the current session then continues to its own end. Of two calls at once the later one
   * counts.
   */
  reauthenticate(request: ConnectionRequest): Promise<Session>;
  /** To be called when the socket has closed, for whatever reason. Nothing of the connection is kept afterwards. */
  closed(): void;
}

/** What all connections of one registry share. */
export interface ConnectionParts extends HandshakeRules {
  readonly resolve: (request: RequestView) => MaybePromise<Decision>;
  /** Reports the refusal of a request that cannot be read, as `resolve` does that of others. Never throws. */
  readonly reportUnread: (error: unknown) => void;
  /** All tokens of a request, not verified. */
  readonly unverifiedTokens: (request: RequestView) => readonly string[];
  readonly runtime: Pick<Runtime, 'now' | 'setTimeout'>;
  readonly revocations: Pick<Revocations, 'revokesSession'>;
  readonly allowsChange: SessionChange;
  readonly throttle: RefusalThrottle;
  /** Defers to a later tick, so that closing 10,000 sockets does not block the event loop. Logs what `run` throws. */
  readonly soon: (run: () => unknown) => void;
  /** Takes a connection that has ended out of the registry, and publishes why. */
  readonly forget: (connection: LiveConnection, ended: ConnectionEnd) => void;
}

/** What came of one attempt to authenticate. A failure that is no refusal has no delay. */
type Outcome =
  { readonly session: Session } | { readonly error: unknown; readonly delayMs: number };

/** Which connections an app ends: those of a token by its identity, and of sessions that fit; at least one is given. */
export interface Criteria {
  readonly identity: string | undefined;
  readonly fits: ((session: Session) => boolean) | undefined;
}

/** What an app ended while a session was being decided. */
interface AwaitedEnd {
  readonly fits: (session: Session) => boolean;
  end(): void;
}

function reauthentication(outcome: Outcome): ReauthenticateEvent {
  if ('session' in outcome) return { role: outcome.session.role, kind: undefined };
  const { error } = outcome;
  return { role: undefined, kind: isAuthError(error) ? error.kind : 'internal-error' };
}

const noSocket = (): void => undefined;
const noTokens: readonly string[] = [];

/** A connection as the registry keeps it. */
export class LiveConnection implements Connection {
  readonly #parts: ConnectionParts;
  #close: CloseSocket;
  #session: Session | undefined;
  /** When the session was decided at the earliest, in milliseconds since the epoch. */
  #since = 0;
  #end: SessionEnd | undefined;
  /** The identities of the session's tokens, and of those that the latest attempt brings. */
  #tokens: readonly string[] = noTokens;
  #pendingTokens: readonly string[] = noTokens;
  #attempts = 0;
  /** The ends of the latest attempt; undefined if none is under way. */
  #awaited: AwaitedEnd[] | undefined;
  #lifetime: Lifetime | undefined;
  #delay: Delay | undefined;

  constructor(parts: ConnectionParts, close: CloseSocket) {
    this.#parts = parts;
    this.#close = close;
  }

  get session(): Session {
    const session = this.#session;
    if (session === undefined) throw (this.#end ?? ended).error();
    // In a busy process the timer is late; the session has expired all the same.
    if (session.expiresAt !== undefined && session.expiresAt <= this.#parts.runtime.now())
      throw expired(session).error();
    return session;
  }

  authenticate(request: ConnectionRequest, onDelay?: () => void): Promise<Session> {
    // Not an async function, which would keep `request` in memory while the refusal is delayed.
    return this.#attempt(request).then((outcome) =>
      'session' in outcome
        ? outcome.session
        : this.#refuse(outcome.error, outcome.delayMs, onDelay),
    );
  }

  async reauthenticate(request: ConnectionRequest): Promise<Session> {
    void this.session; // throws if there is none to continue
    const outcome = await this.#attempt(request);
    if (connectionChannels.reauthenticate.hasSubscribers)
      connectionChannels.reauthenticate.publish(reauthentication(outcome));
    // Not delayed: refused tokens of a client that stays connected would wait here, as many as it sends.
    if ('error' in outcome) throw outcome.error;
    return outcome.session;
  }

  closed(): void {
    this.#release(byClient);
  }

  /** Whether the connection has a token, or is being authenticated with it. */
  holds(identity: string): boolean {
    return this.#tokens.includes(identity) || this.#pendingTokens.includes(identity);
  }

  /**
   * Ends the connection if it matches, and returns whether it does. A session that is being decided may have been decided
   * upon what is no longer true: if it matches, the connection ends when it would get it.
   */
  endIf({ fits, identity }: Criteria, code: number, reason: string): boolean {
    if (identity !== undefined && !this.holds(identity)) return false;
    if (fits === undefined || (this.#session !== undefined && fits(this.#session))) {
      this.end(code, reason);
      return true;
    }
    this.#awaited?.push({ fits, end: () => this.end(code, reason) });
    return false;
  }

  /** Ends the connection if its session is revoked. One that is being decided is looked at when it is there. */
  endIfRevoked(): void {
    if (this.#session !== undefined && this.#isRevoked(this.#session, this.#tokens, this.#since))
      this.end(forbiddenCloseCode, revoked.message, 'revoked', revoked);
  }

  /** Ends the session now and closes the socket in a later tick. */
  end(
    code: number,
    reason: string,
    cause: ConnectionCloseCause = 'disconnected',
    why: SessionEnd = ended,
  ): void {
    const close = this.#close;
    this.#release({ code, cause }, why);
    this.#parts.soon(() => close(code, closeReason(reason)));
  }

  #isRevoked(session: Session, tokens: readonly string[], since: number): boolean {
    return this.#parts.revocations.revokesSession(session, tokens, since);
  }

  async #attempt(request: ConnectionRequest): Promise<Outcome> {
    const { resolve, allowsChange, unverifiedTokens, throttle } = this.#parts;
    const attempt = ++this.#attempts;
    this.#awaited = [];
    let tokens = noTokens;
    try {
      const begun = this.#parts.runtime.now();
      const view = this.#view(request);
      tokens = unverifiedTokens(view).map(tokenIdentity);
      this.#pendingTokens = tokens;
      const { session, askedAt = begun } = await resolve(view);
      const since = Math.min(begun, askedAt); // a webhook whose response was kept was asked before
      if (this.#end !== undefined) throw this.#end.error();
      if (attempt !== this.#attempts) return { session: this.session };
      if (this.#isRevoked(session, tokens, since)) throw revoked.error(); // while it was decided
      // An async function returns a promise, which is truthy, so only `true` allows the change.
      if (this.#session !== undefined && allowsChange(session, this.#session) !== true)
        throw new AuthError('session-change');
      const awaited = this.#awaited?.find(({ fits }) => fits(session));
      if (awaited !== undefined) {
        awaited.end();
        throw ended.error();
      }
      this.#watch(session);
      this.#tokens = tokens;
      this.#since = since;
      return { session };
    } catch (error) {
      return { error, delayMs: isAuthError(error) ? throttle.count(tokens) : 0 };
    } finally {
      if (attempt === this.#attempts) {
        this.#pendingTokens = noTokens;
        this.#awaited = undefined;
      }
    }
  }

  /** The request. Throws its refusal, which is reported as that of any other. */
  #view(request: ConnectionRequest): RequestView {
    try {
      return connectionView(request, this.#parts);
    } catch (error) {
      this.#parts.reportUnread(error);
      throw error;
    }
  }

  /** Delays a repeated refusal; stops early when the socket closes. */
  async #refuse(error: unknown, delayMs: number, onDelay?: () => void): Promise<never> {
    if (this.#end === undefined) {
      this.#delay = this.#parts.throttle.delay(delayMs);
      if (this.#delay !== undefined) onDelay?.();
      await this.#delay?.over;
      this.#delay = undefined;
    }
    if (this.#session === undefined) this.#release(byRefusal);
    throw error;
  }

  #watch(session: Session): void {
    const { expiresAt } = session;
    const { runtime, soon } = this.#parts;
    const next =
      expiresAt === undefined
        ? undefined
        : new Lifetime(
            expiresAt,
            () => {
              // Many may end in one tick. Until its turn comes this session has ended, but its socket is open.
              soon(() => (this.#session === session ? this.#expire(expired(session)) : undefined));
            },
            runtime,
          );
    this.#lifetime?.stop();
    this.#lifetime = next;
    this.#session = session;
  }

  #expire(why: SessionEnd): unknown {
    const close = this.#close;
    this.#release(byExpiry, why);
    return close(forbiddenCloseCode, why.message);
  }

  #release(end: ConnectionEnd, why: SessionEnd = ended): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    this.#close = noSocket;
    this.#session = undefined;
    this.#tokens = noTokens;
    this.#pendingTokens = noTokens;
    this.#awaited = undefined;
    this.#lifetime?.stop();
    this.#lifetime = undefined;
    this.#delay?.stop();
    this.#parts.forget(this, end);
  }
}
