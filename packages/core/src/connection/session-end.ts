import { AuthError } from '../errors.js';
import type { Session } from '../session.js';

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
