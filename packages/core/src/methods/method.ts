import type { MaybePromise } from '../maybe-promise.js';
import type { RequestView } from '../request.js';
import type { Decision } from '../session.js';

/**
 * One way of resolving a request. Returns undefined to leave the request to the next method, so that methods never need
 * each other; throws a refusal. It may decide at once or later.
 */
export type AuthMethod = (request: RequestView) => MaybePromise<Decision | undefined>;
