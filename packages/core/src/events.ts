import { channel } from 'node:diagnostics_channel';
import { isAuthError } from './errors.js';
import { isPromise, type MaybePromise } from './maybe-promise.js';
import type { AuthErrorCode } from './refusals.js';
import type { Decision, SessionMethod } from './session.js';

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

/** One decision, as published on `hasura-auth:decision`. Holds no secret, no token and no claim beside the role. */
export interface DecisionEvent {
  /** What vouched for the session; absent where the request was refused. */
  readonly method?: SessionMethod;
  readonly role?: string;
  /** The error code of a refused request. */
  readonly code?: AuthErrorCode | 'internal-error';
  /** How long the decision took, in milliseconds. */
  readonly durationMs: number;
}

/** Decisions, for OpenTelemetry, Prometheus and logs. Costs nothing without a subscriber. */
export const decisions: ReturnType<typeof channel> = channel('hasura-auth:decision');

/** One fetch of a key set, as published on `hasura-auth:key-fetch`. */
export interface KeyFetchEvent {
  /** The origin of the address; a path or query may hold a secret. */
  readonly origin: string;
  readonly outcome: 'ok' | 'failed';
  /** How many keys of the set can be used; absent where the fetch failed. */
  readonly keys?: number;
  readonly durationMs: number;
}

/** Fetches of key sets. */
export const keyFetches: ReturnType<typeof channel> = channel('hasura-auth:key-fetch');

/** One call of an auth webhook, as published on `hasura-auth:webhook`. */
export interface WebhookEvent {
  readonly origin: string;
  /** The status of the hook's answer; absent where none came. */
  readonly status?: number;
  readonly outcome: 'accepted' | 'unauthorized' | 'failed';
  readonly durationMs: number;
}

/** Calls of auth webhooks. */
export const webhookCalls: ReturnType<typeof channel> = channel('hasura-auth:webhook');
