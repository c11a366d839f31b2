import { AuthError } from '../errors.js';
import { keepAnonymous, type MissingKind } from '../guards.js';
import { requestedRole, type AuthMethod } from '../request.js';
import { backendOnly, observeRole } from '../role.js';
import { decision, type Decision, type SessionParts, gatherVariables } from '../session.js';

/**
 * The methods for requests that prove nothing: they are rejected, get the role that the app chose for them, or, in an app
 * without any secret, whatever role they request.
 */

/** Rejects a request that has none of the credentials of the methods before this one. */
export function refuseAnonymous(kind: MissingKind): AuthMethod {
  return (request) => {
    request.observe?.({ step: 'unauthenticated', outcome: 'refused' });
    throw new AuthError(kind);
  };
}

/**
 * Gives requests without credentials one role, whatever role they request. Nothing proves what a client's own session
 * variables say, so they are dropped unless the app keeps them. A guard rejects such a session as this app would reject
 * the request if it had no role for it.
 */
export function unauthenticated(
  role: string,
  clientVariables: 'drop' | 'keep',
  missing: MissingKind,
): AuthMethod {
  const accept = (variables: SessionParts['variables']): Decision => {
    const decided = decision({ role, variables, method: 'unauthenticated' });
    keepAnonymous(decided.session, missing);
    return decided;
  };
  const shared = accept(gatherVariables([]));
  return (request) => {
    request.observe?.({ step: 'unauthenticated', outcome: 'accepted', role });
    return clientVariables === 'drop' ? shared : accept(gatherVariables(request.headers()));
  };
}

/** Makes every request admin, or the role that it requests, as an engine without any secret does. */
export const unsecured: AuthMethod = (request) => {
  const requested = requestedRole(request);
  observeRole(request, requested, 'admin');
  return decision({
    role: requested ?? 'admin',
    variables: gatherVariables(request.headers()),
    method: 'unsecured',
    backendOnly: backendOnly(request),
  });
};
