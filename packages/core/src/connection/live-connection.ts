import type { Outside } from '../config/outside.js';
import { connectionView, type ConnectionRequest } from '../connection.js';
import { AuthError, isAuthError } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { RequestView } from '../request.js';
import type { Decision, Session } from '../session.js';
import type { OriginCheck } from './allowed-origins.js';
import { closeReason } from './close-reason.js';
import { Lifetime } from './lifetime.js';
import { forbiddenCloseCode, type CloseSocket, type Connection } from './open-connection.js';
import { Pause } from './pause.js';
import type { RefusalPace } from './refusal-pace.js';
import type { SessionChange } from './session-change.js';
import { ended, expired, type SessionEnd } from './session-end.js';
import { tokenDigest } from './token-digest.js';

/** What all connections of one registry share. */
export interface ConnectionParts {
  readonly resolve: (request: RequestView) => MaybePromise<Decision>;
  /** Every token that a request brings, not verified. */
  readonly unverifiedTokens: (request: RequestView) => readonly string[];
  readonly outside: Pick<Outside, 'now' | 'setTimeout'>;
  readonly allowsOrigin: OriginCheck;
  readonly mayBecome: SessionChange;
  readonly pace: RefusalPace;
  /** Runs something in a while: closing ten thousand sockets must not stop the process. */
  readonly soon: (run: () => void) => void;
  readonly forget: (connection: LiveConnection) => void;
}

const nothing = (): void => undefined;
const noDigests: readonly string[] = [];

/** A connection as the registry keeps it. */
export class LiveConnection implements Connection {
  readonly #parts: ConnectionParts;
  #close: CloseSocket;
  #session: Session | undefined;
  #end: SessionEnd | undefined;
  /** Of the tokens that the session stands on, and of those that the latest attempt brings. */
  #digests: readonly string[] = noDigests;
  #pending: readonly string[] = noDigests;
  #attempt = 0;
  #lifetime: Lifetime | undefined;
  #pause: Pause | undefined;

  constructor(parts: ConnectionParts, close: CloseSocket) {
    this.#parts = parts;
    this.#close = close;
  }

  get session(): Session {
    const session = this.#session;
    if (session === undefined) throw (this.#end ?? ended).error();
    // A busy process closes late; what is over is over all the same.
    if (session.expiresAt !== undefined && session.expiresAt <= this.#parts.outside.now())
      throw expired(session).error();
    return session;
  }

  async authenticate(request: ConnectionRequest): Promise<Session> {
    try {
      return await this.#goOn(request);
    } catch (error) {
      if (this.#session === undefined) this.#release();
      throw error;
    }
  }

  async reauthenticate(request: ConnectionRequest): Promise<Session> {
    void this.session; // throws where there is none to go on with
    return this.#goOn(request);
  }

  closed(): void {
    this.#release();
  }

  /** Whether the connection stands on a token, or is about to. */
  holds(digest: string): boolean {
    return this.#digests.includes(digest) || this.#pending.includes(digest);
  }

  /** Whether the session there is now fits; a connection that has none yet fits nothing. */
  is(fits: (session: Session) => boolean): boolean {
    return this.#session !== undefined && fits(this.#session);
  }

  /** Ends the session now and closes the socket in a while. */
  end(code: number, reason: string = ended.message): void {
    const close = this.#close;
    this.#release();
    this.#parts.soon(() => {
      close(code, closeReason(reason));
    });
  }

  async #goOn(request: ConnectionRequest): Promise<Session> {
    const { resolve, mayBecome, allowsOrigin, unverifiedTokens } = this.#parts;
    const attempt = ++this.#attempt;
    const view = connectionView(request, allowsOrigin);
    const digests = unverifiedTokens(view).map(tokenDigest);
    this.#pending = digests;
    try {
      const { session } = await resolve(view);
      if (this.#end !== undefined) throw this.#end.error();
      if (attempt !== this.#attempt) return this.session;
      if (this.#session !== undefined && !mayBecome(session, this.#session))
        throw new AuthError('session-change');
      this.#watch(session);
      this.#digests = digests;
      return session;
    } catch (error) {
      if (isAuthError(error)) await this.#hold(digests);
      throw error;
    } finally {
      if (attempt === this.#attempt) this.#pending = noDigests;
    }
  }

  #watch(session: Session): void {
    this.#lifetime?.stop();
    this.#session = session;
    const { expiresAt } = session;
    const { outside, soon } = this.#parts;
    this.#lifetime =
      expiresAt === undefined
        ? undefined
        : new Lifetime(
            expiresAt,
            () => {
              // Many may end at one moment. Until its turn comes this session is over, but for the socket.
              soon(() => {
                if (this.#session === session) this.#expire(expired(session));
              });
            },
            outside,
          );
  }

  #expire(why: SessionEnd): void {
    const close = this.#close;
    this.#release(why);
    close(forbiddenCloseCode, why.message);
  }

  /** Waits before a refusal is told that was told before; not longer than the socket lives. */
  async #hold(digests: readonly string[]): Promise<void> {
    const { pace, outside } = this.#parts;
    const ms = Math.max(0, ...digests.map((digest) => pace.next(digest)));
    if (ms === 0 || this.#end !== undefined) return;
    this.#pause = new Pause(ms, outside.setTimeout);
    await this.#pause.over;
    this.#pause = undefined;
  }

  #release(why: SessionEnd = ended): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    this.#close = nothing;
    this.#session = undefined;
    this.#digests = noDigests;
    this.#pending = noDigests;
    this.#lifetime?.stop();
    this.#lifetime = undefined;
    this.#pause?.stop();
    this.#parts.forget(this);
  }
}
