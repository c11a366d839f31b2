import { isAuthError } from '../errors.js';
import { DeadlineError, OversizedError, RequestError, StatusError } from '../http-request.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { AuthErrorCode, RefusalKind } from '../refusals.js';
import type { DecisionTrace, RequestView } from '../request.js';
import type { Decision, Session, SessionMethod } from '../session.js';
import {
  authentications,
  keySetFetches,
  type AuthenticateContext,
  type ModeName,
  type Transport,
  type WebhookContext,
  type WebhookOutcome,
  type FetchFailure,
  type KeySetContext,
  type KeySetFetchReason,
} from './channels.js';
import { traced, type OpenContext } from './traced.js';

/** A registered symbol, so that the ESM and the CommonJS build of core know each other's contexts. */
const sessionKey: unique symbol = Symbol.for('@hasura-auth/session');

class Authentication implements AuthenticateContext, OpenContext<Decision>, DecisionTrace {
  readonly transport: Transport;
  readonly mode: ModeName;
  method: SessionMethod | undefined = undefined;
  role: string | undefined = undefined;
  kind: RefusalKind | 'internal-error' | undefined = undefined;
  code: AuthErrorCode | 'internal-error' | undefined = undefined;
  status: number | undefined = undefined;
  fromCache: boolean | undefined = undefined;
  durationMs: number | undefined = undefined;
  #session: Session | undefined;

  constructor(transport: Transport, mode: ModeName) {
    this.transport = transport;
    this.mode = mode;
  }

  resolved({ session }: Decision): boolean {
    this.#session = session;
    this.method = session.method;
    this.role = session.role;
    return false;
  }

  rejected(error: unknown): void {
    const { kind, code, status } = isAuthError(error) ? error : internalError;
    this.kind = kind;
    this.code = code;
    this.status = status;
  }

  /** A function and no member, so that nothing that writes a message out writes the session's claims. */
  [sessionKey](): Session | undefined {
    return this.#session;
  }
}

const internalError = { kind: 'internal-error', code: 'internal-error', status: 500 } as const;

/**
 * The session of a complete context, for a subscriber that must know the user, such as for `user.hash`. It is no member of
 * the message, so that a subscriber that writes whole messages writes no claim. Undefined if the request was rejected.
 *
 * @example
 * tracingChannel('hasura-auth.authenticate').end.subscribe((context) => {
 *   const user = sessionOfContext(context as AuthenticateContext)?.sessionVariables['x-hasura-user-id'];
 * });
 */
export function sessionOfContext(context: AuthenticateContext): Session | undefined {
  return (context as { readonly [sessionKey]?: () => Session | undefined })[sessionKey]?.(); // only this library's contexts have one
}

/** Decides a request and publishes that; called only if a channel of decisions has a subscriber. */
export function tracedDecision(
  request: RequestView,
  { transport, mode }: { readonly transport: Transport; readonly mode: ModeName },
  decide: (request: RequestView) => MaybePromise<Decision>,
): MaybePromise<Decision> {
  const context = new Authentication(transport, mode);
  request.trace = context;
  return traced(authentications, context, decide, request);
}

/** What is known of a question to a webhook when it begins, and whether it looks as if another call answers it. */
export type AboutQuestion = Pick<WebhookContext, 'origin' | 'mode' | 'fromCache' | 'shared'>;

/** The context of one question to a webhook, as the method fills it. */
export class WebhookTrace implements WebhookContext, OpenContext<unknown> {
  readonly origin: string;
  readonly mode: 'GET' | 'POST';
  readonly fromCache: boolean;
  shared: boolean;
  status: number | undefined = undefined;
  outcome: WebhookOutcome | undefined = undefined;
  kind: RefusalKind | 'internal-error' | undefined = undefined;
  durationMs: number | undefined = undefined;

  constructor({ origin, mode, fromCache, shared }: AboutQuestion) {
    this.origin = origin;
    this.mode = mode;
    this.fromCache = fromCache;
    this.shared = shared;
  }

  resolved(): boolean {
    this.outcome = 'accepted';
    return false;
  }

  rejected(error: unknown): void {
    this.kind = isAuthError(error) ? error.kind : 'internal-error';
    this.outcome = this.kind === 'hook-unauthorized' ? 'unauthorized' : 'failed';
  }
}

/** What a fetched set has. */
export interface AcceptedKeySet {
  readonly keys: number;
  readonly skipped: number;
  readonly freshForMs: number;
}

/** What is fetched, and why. */
export type AboutFetch = Pick<KeySetContext, 'keySet' | 'origin' | 'reason'>;

function failureOf(error: unknown): FetchFailure {
  if (error instanceof DeadlineError) return 'timeout';
  if (error instanceof StatusError) return 'status';
  if (error instanceof OversizedError) return 'response';
  return error instanceof RequestError ? 'network' : 'response';
}

/** The context of one fetch, as the fetcher fills it. */
class FetchTrace implements KeySetContext, OpenContext<Error | undefined> {
  readonly keySet: string;
  readonly origin: string;
  readonly reason: KeySetFetchReason;
  keys: number | undefined = undefined;
  skipped: number | undefined = undefined;
  freshForMs: number | undefined = undefined;
  status: number | undefined = undefined;
  failure: FetchFailure | undefined = undefined;
  durationMs: number | undefined = undefined;

  constructor({ keySet, origin, reason }: AboutFetch) {
    this.keySet = keySet;
    this.origin = origin;
    this.reason = reason;
  }

  accepted({ keys, skipped, freshForMs }: AcceptedKeySet): void {
    this.keys = keys;
    this.skipped = skipped;
    this.freshForMs = freshForMs;
  }

  failed(error: unknown, isClosed: boolean): void {
    this.failure = isClosed ? 'closed' : failureOf(error);
    if (error instanceof StatusError) this.status = error.status;
  }

  resolved(failure: Error | undefined): boolean {
    return failure !== undefined;
  }

  rejected(): void {
    this.failure ??= 'response'; // an injected clock that fails
  }
}

/** What the fetcher notes for the event of a fetch. */
export type KeySetTrace = FetchTrace;

/** Runs a fetch, which resolves to its failure, and publishes it if a channel of key sets has a subscriber. */
export async function observedFetch(
  about: AboutFetch,
  run: (trace: KeySetTrace | undefined) => Promise<Error | undefined>,
): Promise<Error | undefined> {
  if (!keySetFetches.hasSubscribers) return run(undefined);
  const trace = new FetchTrace(about);
  return traced(keySetFetches, trace, run, trace);
}
