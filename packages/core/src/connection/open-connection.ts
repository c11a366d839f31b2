import type { ConnectionRequest } from '../connection.js';
import type { Session } from '../session.js';

/** The close code of every end of ours: upon it the stock clients come back, with fresh parameters. */
export const forbiddenCloseCode = 4403;

/** Closes a socket. The reason fits a close frame. */
export type CloseSocket = (code: number, reason: string) => void;

/** One connection, from its first message to its end. */
export interface Connection {
  /** The session as it is now. Throws an AuthError before there is one, and as soon as it has ended. */
  readonly session: Session;
  /**
   * Resolves the client's first message to a session and watches over its end. Rejects with an AuthError where the client
   * is refused; what is then left to do is to close the socket.
   */
  authenticate(request: ConnectionRequest): Promise<Session>;
  /**
   * Goes on with a fresh token. Rejects with an AuthError where it is refused, or where the session would change more
   * than `reauthentication` allows; the session that was there goes on to its own end. Of two at once the later counts.
   */
  reauthenticate(request: ConnectionRequest): Promise<Session>;
  /** To be called when the socket has closed, for whatever reason. Nothing of the connection is held afterwards. */
  closed(): void;
}
