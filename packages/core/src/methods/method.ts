import type { MaybePromise } from '../maybe-promise.js';
import type { RequestView } from '../request.js';
import type { Decision } from '../session.js';

/**
 * One way of resolving a request. Undefined means "not mine", so that methods never need each other; a refusal is
 * thrown. It may answer at once or with a promise.
 */
export type AuthMethod = (request: RequestView) => MaybePromise<Decision | undefined>;
