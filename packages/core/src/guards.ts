import { AuthError, ConfigError } from './errors.js';
import type { Session } from './session.js';

/** The check behind `requireRole`: throws the AuthError `role-guard` unless the session has one of the roles. */
export function roleGuard(roles: readonly string[]): (session: Session | null | undefined) => void {
  const [first] = roles as readonly unknown[];
  if (typeof first === 'object' && first !== null && !Array.isArray(first))
    throw new ConfigError(
      'requireRole',
      "it makes a handler and is none: call it, as in requireRole('editor')",
    );
  if (roles.length === 0 || roles.some((role) => typeof role !== 'string' || role === ''))
    throw new ConfigError('requireRole', 'expected at least one role, each a non-empty string');
  const allowed = new Set(roles);
  return (session) => {
    if (session && allowed.has(session.role)) return;
    const byToken = session?.method === 'jwt';
    throw new AuthError('role-guard', { bearer: byToken ? 'insufficient_scope' : undefined });
  };
}

/** The check behind `sessionOf`: a handler that asks for a session where there is none is a mistake in the app. */
export function presentSession(session: Session | null | undefined): Session {
  if (session) return session;
  throw new Error(
    'there is no session on this request: hasuraAuth did not run before this handler',
  );
}
