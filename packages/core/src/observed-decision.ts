import { isAuthError } from './errors.js';
import { decisions, type DecisionEvent } from './events.js';
import { isPromise, type MaybePromise } from './maybe-promise.js';
import type { Decision } from './session.js';

/** Publishes a decision with its duration. Only called where somebody listens. */
export function observed(run: () => MaybePromise<Decision>): MaybePromise<Decision> {
  const start = performance.now();
  const tell = (event: Omit<DecisionEvent, 'durationMs'>): void => {
    decisions.publish({ ...event, durationMs: performance.now() - start });
  };
  const refused = (error: unknown): never => {
    tell({ code: isAuthError(error) ? error.code : 'internal-error' });
    throw error;
  };
  try {
    const decided = run();
    const accepted = (decision: Decision): Decision => {
      tell({ method: decision.session.method, role: decision.session.role });
      return decision;
    };
    return isPromise(decided) ? decided.then(accepted, refused) : accepted(decided);
  } catch (error) {
    return refused(error);
  }
}
