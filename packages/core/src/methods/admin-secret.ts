import { createHash, timingSafeEqual } from 'node:crypto';
import { AuthError, type RefusalDetail } from '../errors.js';
import { requestedRole, type AuthMethod, type RequestView } from '../request.js';
import { backendOnly, observeRole } from '../role.js';
import { decision, gatherVariables } from '../session.js';

/** The admin secrets, as digests of one length, so that a comparison takes the same time for every guess. */
export class AdminSecrets {
  readonly #digests: readonly Buffer[];

  constructor(secrets: readonly string[]) {
    this.#digests = secrets.map(digest);
  }

  /** Whether a secret is one of these. Each is compared, whichever is equal, so that the time does not depend on it. */
  include(sent: string): boolean {
    const sentDigest = digest(sent);
    return this.#digests.reduce(
      (found, known) => timingSafeEqual(known, sentDigest) || found,
      false,
    );
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The secret of a request, from its header or the one with the older name; the first header present is used, even if it is empty. */
function sentSecret(request: RequestView): string | undefined {
  return (
    request.hasuraHeader('x-hasura-admin-secret') ?? request.hasuraHeader('x-hasura-access-key')
  );
}

/** Rejects a request with a wrong secret, and leaves every other request to the methods after this one. */
export function checkSecret(secrets: AdminSecrets, bearer: RefusalDetail['bearer']): AuthMethod {
  return (request) => {
    const sent = sentSecret(request);
    if (sent === undefined) {
      request.observe?.({ step: 'admin-secret', outcome: 'absent' });
      return undefined;
    }
    const right = secrets.include(sent);
    request.observe?.({ step: 'admin-secret', outcome: right ? 'right' : 'wrong' });
    if (!right) throw new AuthError('wrong-secret', { bearer });
    return undefined;
  };
}

/**
 * Gives a request with a secret the role admin, or the requested role, and the session variables of the request. It runs
 * after `checkSecret`, which rejects every wrong secret.
 */
export const adminSession: AuthMethod = (request) => {
  if (sentSecret(request) === undefined) return undefined;
  const requested = requestedRole(request);
  observeRole(request, requested, 'admin');
  return decision({
    role: requested ?? 'admin',
    variables: gatherVariables(request.headers()),
    method: 'admin-secret',
    backendOnly: backendOnly(request),
  });
};
