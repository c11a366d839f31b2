import { AuthError } from '../errors.js';
import type { ConnectionCloseCause } from '../observability/channels.js';
import type { Session } from '../session.js';

/** The close code for every session that ends: after it the standard clients reconnect, with fresh parameters. */
export const forbiddenCloseCode = 4403;

/** RFC 6455, section 5.5.1: how much text a close frame can hold, in bytes of UTF-8. */
const maxReasonBytes = 123;

/**
 * Cuts a text to what a close frame can hold, 123 bytes of UTF-8, between two characters. `ws` throws if a reason is longer.
 *
 * @example
 * socket.close(forbiddenCloseCode, closeReason(error.message))
 */
export function closeReason(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxReasonBytes) return text;
  // With `stream`, the decoder leaves out a character that was cut in two.
  return new TextDecoder().decode(bytes.subarray(0, maxReasonBytes), { stream: true });
}

/** Why a session is over. The error is created lazily: thousands of sessions may end in one tick. */
export interface SessionEnd {
  readonly message: string;
  error(): AuthError;
}

function sessionEnd(error: () => AuthError): SessionEnd {
  return { message: error().message, error };
}

/** The reason of a connection that ended without another one. */
export const endedReason = 'The session has ended';

/** The client went away, or the app ended it. */
export const ended: SessionEnd = sessionEnd(() => new AuthError('session-ended'));
const tokenExpired = sessionEnd(() => new AuthError('invalid-token', { detail: 'JWTExpired' }));
export const revoked: SessionEnd = sessionEnd(() => new AuthError('revoked'));

/** Expired. Token sessions use the engine's message. */
export function expired({ method }: Session): SessionEnd {
  return method === 'jwt' ? tokenExpired : ended;
}

/** How a connection ended; no code if the library asked for none. */
export interface ConnectionEnd {
  readonly code: number | undefined;
  readonly cause: ConnectionCloseCause;
}

export const byClient: ConnectionEnd = { code: undefined, cause: 'client' };
export const byRefusal: ConnectionEnd = { code: undefined, cause: 'refused' };
export const byExpiry: ConnectionEnd = { code: forbiddenCloseCode, cause: 'expired' };
