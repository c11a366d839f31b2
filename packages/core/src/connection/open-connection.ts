import type { ConnectionRequest } from './handshake.js';
import type { Session } from '../session.js';

/** RFC 6455, section 5.5.1: what a close frame has room for, in bytes of UTF-8. */
const maxBytes = 123;

/** The text as a close frame can carry it: cut between two characters where it is longer. */
export function closeReason(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  // A stream may go on, so a character that is cut in two is left out.
  return new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}

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
