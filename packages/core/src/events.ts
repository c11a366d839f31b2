import { channel } from 'node:diagnostics_channel';
import { isAuthError } from './errors.js';
import { isPromise, type MaybePromise } from './maybe-promise.js';
import type { AuthErrorCode } from './refusals.js';
import type { Decision, SessionMethod } from './session.js';

/**
 * Publishes a decision with its duration; called only if the channel has a subscriber. A subscriber that throws does not
 * change the decision: Node reports its error as an uncaught exception in a later turn, as for every channel.
 */
export function observed(run: () => MaybePromise<Decision>): MaybePromise<Decision> {
  const start = performance.now();
  const publish = (event: Omit<DecisionEvent, 'durationMs'>): void => {
    decisions.publish({ ...event, durationMs: performance.now() - start });
  };
  const refused = (error: unknown): never => {
    publish({ code: isAuthError(error) ? error.code : 'internal-error' });
    throw error;
  };
  try {
    const decided = run();
    const accepted = (decision: Decision): Decision => {
      publish({ method: decision.session.method, role: decision.session.role });
      return decision;
    };
    return isPromise(decided) ? decided.then(accepted, refused) : accepted(decided);
  } catch (error) {
    return refused(error);
  }
}

/** One decision, as published on `hasura-auth:decision`. Contains no secret, no token and no claim other than the role. */
export interface DecisionEvent {
  /** How the client was authenticated; absent if the request was rejected. */
  readonly method?: SessionMethod;
  /** The role of the session; absent if the request was rejected. */
  readonly role?: string;
  /** The error code of a rejected request; `internal-error` if something else than an AuthError was thrown. */
  readonly code?: AuthErrorCode | 'internal-error';
  /** How long the decision took, in milliseconds. */
  readonly durationMs: number;
}

/** The channel of decisions, for OpenTelemetry, Prometheus and logs. Costs nothing without a subscriber. */
export const decisions: ReturnType<typeof channel> = channel('hasura-auth:decision');

/** One fetch of a key set, as published on `hasura-auth:key-fetch`. */
export interface KeyFetchEvent {
  /** The origin of the key set's address; its path or query may be secret. */
  readonly origin: string;
  readonly outcome: 'ok' | 'failed';
  /** How many keys of the set can be used; absent if the fetch failed. */
  readonly keys?: number;
  readonly durationMs: number;
}

/** The channel of key set fetches. */
export const keyFetches: ReturnType<typeof channel> = channel('hasura-auth:key-fetch');

/** One call of an auth webhook, as published on `hasura-auth:webhook`. */
export interface WebhookEvent {
  /** The origin of the webhook's address; its path or query may be secret. */
  readonly origin: string;
  /** The status of the webhook's response; absent if none came. */
  readonly status?: number;
  /** `unauthorized` if the webhook rejected the client, `failed` if it sent no usable response. */
  readonly outcome: 'accepted' | 'unauthorized' | 'failed';
  /** How long the call took, in milliseconds. */
  readonly durationMs: number;
}

/** The channel of webhook calls. */
export const webhookCalls: ReturnType<typeof channel> = channel('hasura-auth:webhook');
