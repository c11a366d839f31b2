import type { RequestView } from '../request.js';
import { requestedRole } from '../role.js';
import { decision } from '../session.js';
import { gatherVariables } from '../session-variables.js';
import { backendOnly } from '../role.js';
import type { AuthMethod } from './method.js';

/** Without any secret everybody is admin, or whatever role they ask for, as in an engine started so. */
export const unsecured: AuthMethod = (request: RequestView) =>
  decision({
    role: requestedRole(request) ?? 'admin',
    variables: gatherVariables(request.headers()),
    method: 'unsecured',
    backendOnly: backendOnly(request),
  });
