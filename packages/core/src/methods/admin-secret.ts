import { createHash, timingSafeEqual } from 'node:crypto';
import { backendOnly } from '../role.js';
import { AuthError, type RefusalDetail } from '../errors.js';
import type { RequestView } from '../request.js';
import { requestedRole, observeRole } from '../role.js';
import { decision } from '../session.js';
import { gatherVariables } from '../session-variables.js';
import type { AuthMethod } from './method.js';

/** Admin secrets as digests: equally long, so that comparing them takes the same time for every guess. */
export class AdminSecrets {
  readonly #digests: readonly Buffer[];

  constructor(secrets: readonly string[]) {
    this.#digests = secrets.map(digest);
  }

  /** Whether a secret is one of these; every one of them is compared, whichever fits. */
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

/** The secret that came, under its name or the older one; the first that is there counts, an empty one too. */
function sentSecret(request: RequestView): string | undefined {
  return request.header('x-hasura-admin-secret') ?? request.header('x-hasura-access-key');
}

/** Refuses a wrong secret, and leaves every other request to the methods after it. */
export function checkSecret(secrets: AdminSecrets, bearer: RefusalDetail['bearer']): AuthMethod {
  return (request) => {
    const sent = sentSecret(request);
    if (sent === undefined) return undefined;
    const right = secrets.include(sent);
    request.observe?.({ step: 'admin-secret', outcome: right ? 'right' : 'wrong' });
    if (!right) throw new AuthError('wrong-secret', { bearer });
    return undefined;
  };
}

/**
 * Admin, or the requested role with the request's own session variables, for a request with a secret. Stands after
 * `checkSecret`, which has let only a right one pass.
 */
export const adminSession: AuthMethod = (request) => {
  if (sentSecret(request) === undefined) return undefined;
  const requested = requestedRole(request);
  observeRole(request, requested);
  return decision({
    role: requested ?? 'admin',
    variables: gatherVariables(request.headers()),
    method: 'admin-secret',
    backendOnly: backendOnly(request),
  });
};
