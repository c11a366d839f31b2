import { isAuthError, type Session } from '@hasura-auth/core';
import { roleGuard } from '@hasura-auth/core/adapter';
import { graphqlError } from './refusal.js';

/**
 * A check for resolvers: throws a GraphQLError with the engine's code and message unless the session has one of the
 * roles; without a session too. No role at all is a ConfigError.
 */
export function requireRole(
  ...roles: readonly string[]
): (session: Session | null | undefined) => void {
  const check = roleGuard(roles);
  return function requireRole(session) {
    try {
      check(session);
    } catch (error) {
      throw isAuthError(error) ? graphqlError(error) : error;
    }
  };
}
