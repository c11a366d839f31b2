import { createHash } from 'node:crypto';
import type { SetTimeout } from '../runtime.js';
import { AuthError, isAuthError } from '../errors.js';
import type { Session, Decision } from '../session.js';
import type { Runtime } from '../runtime.js';
import { connectionView, type ConnectionRequest } from './handshake.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { RequestView } from '../request.js';
import type { OriginCheck, SessionChange } from './allowed-origins.js';
import { Lifetime } from './lifetime.js';
import {
  closeReason,
  forbiddenCloseCode,
  type CloseSocket,
  type Connection,
} from './open-connection.js';
import type { RefusalPace } from './refusal-throttle.js';

/** A wait that can be cut short. */
export class Pause {
  /** Resolves when the time is over, or when it was cut short. */
  readonly over: Promise<void>;
  #stop: () => void = () => undefined;

  constructor(ms: number, setTimeout: SetTimeout) {
    this.over = new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#stop = () => {
        clearTimeout(timer as NodeJS.Timeout); // a timer of another make is left alone, and finds nothing to do
        resolve();
      };
    });
  }

  /** Cuts it short. */
  stop(): void {
    this.#stop();
  }
}

/** Why a session is over. An error is made where somebody asks: ten thousand sessions may end at one moment. */
export interface SessionEnd {
  /** What the client is told. */
  readonly message: string;
  error(): AuthError;
}

function sessionEnd(error: () => AuthError): SessionEnd {
  return { message: error().message, error };
}

/** Somebody ended it: the client that went away, or the app. */
export const ended: SessionEnd = sessionEnd(() => new AuthError('session-ended'));

const tokenExpired = sessionEnd(() => new AuthError('invalid-token', { detail: 'JWTExpired' }));

/** It came to its end. For a token the engine has words. */
export function expired({ method }: Session): SessionEnd {
  return method === 'jwt' ? tokenExpired : ended;
}

/** The digest under which a token is known here, so that no token is kept; as long for every token. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** What all connections of one registry share. */
export interface ConnectionParts {
  readonly resolve: (request: RequestView) => MaybePromise<Decision>;
  /** Every token that a request brings, not verified. */
  readonly unverifiedTokens: (request: RequestView) => readonly string[];
  readonly runtime: Pick<Runtime, 'now' | 'setTimeout'>;
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
    if (session.expiresAt !== undefined && session.expiresAt <= this.#parts.runtime.now())
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
    const { runtime, soon } = this.#parts;
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
            runtime,
          );
  }

  #expire(why: SessionEnd): void {
    const close = this.#close;
    this.#release(why);
    close(forbiddenCloseCode, why.message);
  }

  /** Waits before a refusal is told that was told before; not longer than the socket lives. */
  async #hold(digests: readonly string[]): Promise<void> {
    const { pace, runtime } = this.#parts;
    const ms = Math.max(0, ...digests.map((digest) => pace.next(digest)));
    if (ms === 0 || this.#end !== undefined) return;
    this.#pause = new Pause(ms, runtime.setTimeout);
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
