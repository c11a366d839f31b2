import { AuthError } from '../errors.js';
import { backendOnly, requestedRole } from '../role.js';
import { decision } from '../session.js';
import { gatherVariables } from '../session-variables.js';
import type { AuthMethod } from './method.js';

/**
 * The methods for requests that prove nothing: they are rejected, get the role that the app chose for them, or, in an app
 * without any secret, whatever role they request.
 */

/** Rejects a request that has none of the credentials of the methods before this one. */
export function refuseAnonymous(kind: 'missing-secret' | 'missing-token'): AuthMethod {
  return () => {
    throw new AuthError(kind);
  };
}

/**
 * Gives requests without credentials one role, whatever role they request. Nothing proves what a client's own session
 * variables say, so they are dropped unless the app keeps them.
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

/** Makes every request admin, or the role that it requests, as an engine without any secret does. */
export const unsecured: AuthMethod = (request) =>
  decision({
    role: requestedRole(request) ?? 'admin',
    variables: gatherVariables(request.headers()),
    method: 'unsecured',
    backendOnly: backendOnly(request),
  });
