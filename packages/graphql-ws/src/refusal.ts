import { closeReason, forbiddenCloseCode, isAuthError, type AuthError } from '@hasura-auth/core';
import { GraphQLError } from 'graphql';
import { keptConnection, tellRefusal, type Upgraded } from './upgraded.js';

/** graphql-ws has no message for a refused connection, so the reason of the close frame holds the engine's message. */
export function refuse(extra: Upgraded, error: AuthError): void {
  keptConnection(extra)?.closed(); // at once: what arrives while the socket closes must not be run
  tellRefusal(extra, error);
  extra.socket.close(forbiddenCloseCode, closeReason(error.message));
}

/** A refusal as the answer to one operation. */
export function graphqlError(error: AuthError): GraphQLError {
  const { extensions, message } = error.toJSON();
  return new GraphQLError(message, { extensions });
}

/** Runs a step of the connection; a refusal goes to `refused`, every other error is graphql-ws's to report. */
export async function guarded<T>(
  step: () => Promise<T>,
  refused: (error: AuthError) => T,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return refused(error);
  }
}
