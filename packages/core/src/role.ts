import { AuthError } from './errors.js';
import type { RequestView } from './request.js';

const trueTexts: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y']);
const falseTexts: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n']);

/** Whether backend-only permissions are asked for. Read only of a request that an admin may make; others are false. */
export function backendOnly(request: RequestView): boolean {
  const text = request.hasuraHeader('x-hasura-use-backend-only-permissions')?.toLowerCase();
  if (text === undefined) return false;
  const isTrue = trueTexts.has(text);
  const isRead = isTrue || falseTexts.has(text);
  request.observe?.({ step: 'backend-only', outcome: isRead ? `${isTrue}` : 'unreadable' });
  if (!isRead) throw new AuthError('bad-backend-only');
  return isTrue;
}

/** Reports to the observer of a decision which role is used, and whether the client asked for it. */
export function observeRole(
  request: RequestView,
  requested: string | undefined,
  defaultRole: string,
  allowed?: readonly string[],
): void {
  request.observe?.({
    step: 'role',
    outcome: requested === undefined ? 'default' : 'requested',
    role: requested ?? defaultRole,
    ...(allowed && { allowed }),
  });
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
