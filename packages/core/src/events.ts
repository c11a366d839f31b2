import { channel } from 'node:diagnostics_channel';
import type { AuthErrorCode } from './refusals.js';
import type { SessionMethod } from './session.js';

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
