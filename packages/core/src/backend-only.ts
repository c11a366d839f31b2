import { AuthError } from './errors.js';
import type { RequestView } from './request.js';

const trueTexts: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y']);
const falseTexts: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n']);

/** Whether backend-only permissions are asked for. Read only of a request that an admin may make; others are false. */
export function backendOnly(request: RequestView): boolean {
  const text = request.header('x-hasura-use-backend-only-permissions')?.toLowerCase();
  if (text === undefined || falseTexts.has(text)) return false;
  if (trueTexts.has(text)) return true;
  throw new AuthError('bad-backend-only');
}
