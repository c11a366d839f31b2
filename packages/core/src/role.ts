import { AuthError } from './errors.js';
import type { RequestView } from './request.js';

/** The role that the client asks for; an empty header counts as absent, as in the engine. */
export function requestedRole(request: RequestView): string | undefined {
  return request.header('x-hasura-role') || undefined;
}

/** Tells whoever watches the decision whose choice the role was. */
export function tellRole(request: RequestView, requested: string | undefined): void {
  request.observe?.({ step: 'role', outcome: requested === undefined ? 'default' : 'requested' });
}

/** The requested role, else the default one; either must be among the allowed ones, compared exactly. */
export function chooseRole(
  requested: string | undefined,
  defaultRole: string,
  allowedRoles: readonly string[],
): string {
  const role = requested ?? defaultRole;
  if (!allowedRoles.includes(role)) throw new AuthError('role-not-allowed');
  return role;
}
