import { isPromise, type MaybePromise } from '../maybe-promise.js';
import type { RequestView } from '../request.js';
import type { Decision } from '../session.js';

/** Asks the methods in order; the last one always decides. */
export function inOrder(
  methods: readonly AuthMethod[],
  request: RequestView,
  first = 0,
): MaybePromise<Decision> {
  for (let at = first; at < methods.length; at++) {
    const answer = methods[at]?.(request);
    if (answer === undefined) continue;
    if (!isPromise(answer)) return answer;
    return answer.then((later) => later ?? inOrder(methods, request, at + 1));
  }
  throw new Error('the last method must decide');
}

/**
 * One way of resolving a request. Undefined means "not mine", so that methods never need each other; a refusal is
 * thrown. It may answer at once or with a promise.
 */
export type AuthMethod = (request: RequestView) => MaybePromise<Decision | undefined>;
