import { AuthError } from '../errors.js';
import { decision } from '../session.js';
import { gatherVariables } from '../session-variables.js';
import type { AuthMethod } from './method.js';

/** Refuses whatever no method before it knew. */
export function refuseAnonymous(kind: 'missing-secret' | 'missing-token'): AuthMethod {
  return () => {
    throw new AuthError(kind);
  };
}

/**
 * The role of requests without credentials, whatever role they ask for. Nobody vouches for the client's own session
 * variables, so they are dropped unless the app says otherwise.
 */
export function unauthenticated(role: string, clientVariables: 'drop' | 'keep'): AuthMethod {
  const shared = decision({ role, variables: gatherVariables([]), method: 'unauthenticated' });
  return (request) => {
    request.observe?.({ step: 'unauthenticated', outcome: 'accepted' });
    return clientVariables === 'drop'
      ? shared
      : decision({
          role,
          variables: gatherVariables(request.headers()),
          method: 'unauthenticated',
        });
  };
}
