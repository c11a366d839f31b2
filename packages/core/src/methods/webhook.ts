import { AsyncLocalStorage } from 'node:async_hooks';
import { URL } from 'node:url';
import { AuthError, isAuthError } from '../errors.js';
import { RequestError, sendRequest, withDeadline } from '../http-request.js';
import { isPromise, type MaybePromise } from '../maybe-promise.js';
import { webhookCalls } from '../observability/channels.js';
import { WebhookTrace } from '../observability/contexts.js';
import type { HookHealth } from '../observability/health.js';
import { traced } from '../observability/traced.js';
import { ProblemLog } from '../problem-log.js';
import type { RefusalKind } from '../refusals.js';
import type { AuthMethod, RequestView } from '../request.js';
import type { Runtime } from '../runtime.js';
import { decision, type Decision } from '../session.js';
import type { HookCache, HookDecision } from '../webhook/cache.js';
import { warnOfUnparsedBody } from '../webhook/graphql-request.js';
import type { HookConfig } from '../webhook/options.js';
import { hookRequests, type HookRequest } from '../webhook/request.js';
import { parseHookBody, readHookResponse, type HookResponse } from '../webhook/response.js';

/** How the calls of one hook are doing. */
export class HookStatus {
  /** How many calls are in progress. */
  inProgress = 0;
  #failures = 0;
  #lastFailure: HookHealth['lastFailure'];

  /** The hook sent a usable response, also if it rejects the client. */
  answered(): void {
    this.#failures = 0;
    this.#lastFailure = undefined;
  }

  failed(kind: RefusalKind, at: number): void {
    this.#failures += 1;
    this.#lastFailure = { at, kind };
  }

  /** For a probe. `origin` is that of the hook's address. */
  health(origin: string): HookHealth {
    return {
      origin,
      failures: this.#failures,
      lastFailure: this.#lastFailure,
      inProgress: this.inProgress,
    };
  }
}

/** Why no response came. The messages of other errors are not logged: they may quote what was sent. */
function failure(error: unknown): string {
  return error instanceof RequestError ? error.message : 'the connection failed';
}

/** What a response says, without how long it took. */
type DecidedBody = Omit<HookDecision, 'tookMs'>;

/** The decision that a response contains. Throws the AuthError that it amounts to. */
function decide(
  response: HookResponse,
  log: ProblemLog,
  { askedAt, now }: { readonly askedAt: number; readonly now: number },
): DecidedBody {
  const unusable = (problem: string): AuthError => {
    log.error(`it answered ${response.shape()}: ${problem}`);
    return new AuthError('hook-invalid-response', { cause: new RequestError(problem) });
  };
  const { status, text, cookies } = response;
  if (status === 401) throw new AuthError('hook-unauthorized', { cookies });
  if (status !== 200) throw unusable('only 200 and 401 have a meaning');
  if (text === undefined) throw unusable('the body is larger than 1 MiB');
  const body = parseHookBody(text, now);
  if (body.kind === 'unreadable') throw unusable(body.problem);
  const { role, variables, expiry } = body;
  if (role === undefined) {
    log.error(`it answered ${response.shape()}: it contains no x-hasura-role`);
    throw new AuthError('hook-without-role');
  }
  for (const member of expiry.unreadable)
    log.warn(`its member ${member} cannot be read, and counts as absent`);
  const { expiresAt, keepUntil } = expiry;
  const headers = Object.freeze(
    cookies.map((cookie) => Object.freeze(['Set-Cookie', cookie] as const)),
  );
  return {
    decision: decision({ role, variables, method: 'webhook', expiresAt }, headers, askedAt),
    keepUntil,
    askedAt,
    length: text.length,
  };
}

/** Calls the hook for one request, whose trace it fills if there is one. */
type TracedCall = (request: HookRequest, trace: WebhookTrace | undefined) => Promise<HookDecision>;

/** Calls one hook: at most `maxConcurrent` requests are in progress, each for at most `timeoutMs`. */
function hookCalls(hook: HookConfig, runtime: Runtime, status: HookStatus): TracedCall {
  const { url, timeoutMs, maxConcurrent } = hook;
  const { origin } = new URL(url); // a path or query may hold a secret
  const log = new ProblemLog(`auth hook ${origin}`, runtime.logger, runtime.now);

  const responseTo = (request: HookRequest): Promise<HookResponse> =>
    withDeadline(timeoutMs, runtime.setTimeout, async (signal) =>
      readHookResponse(await sendRequest(runtime.fetch, { url, ...request }, signal)),
    );

  const failed = (kind: RefusalKind): void => {
    status.failed(kind, runtime.now());
  };

  async function call(
    request: HookRequest,
    trace: WebhookTrace | undefined,
  ): Promise<HookDecision> {
    const askedAt = runtime.now();
    let response: HookResponse;
    try {
      response = await responseTo(request);
    } catch (error) {
      failed('hook-unreachable');
      log.error(`no answer: ${failure(error)}`);
      throw new AuthError('hook-unreachable', { cause: error });
    }
    if (trace !== undefined) trace.status = response.status;
    try {
      const now = runtime.now();
      const tookMs = Math.max(0, now - askedAt);
      const decided = { ...decide(response, log, { askedAt, now }), tookMs };
      status.answered();
      return decided;
    } catch (error) {
      if (!isAuthError(error) || error.kind === 'hook-unauthorized') status.answered();
      else failed(error.kind);
      throw error;
    }
  }

  const ended = (): void => {
    status.inProgress--;
  };

  return (request, trace) => {
    if (status.inProgress >= maxConcurrent) {
      log.error(
        `a request was refused because ${String(maxConcurrent)} calls are in progress (authHook.maxConcurrent)`,
      );
      return Promise.reject(new AuthError('hook-busy'));
    }
    status.inProgress++;
    const called = call(request, trace);
    called.then(ended, ended);
    return called;
  };
}

/** Asks the cache or the hook, and publishes one event for each question if a channel of webhooks has a subscriber. */
function questions(
  { url, mode }: HookConfig,
  cache: HookCache,
  call: TracedCall,
): (request: HookRequest) => MaybePromise<Decision> {
  const { origin } = new URL(url);
  const begin = (answer: { readonly fromCache: boolean; readonly shared: boolean }): WebhookTrace =>
    new WebhookTrace({ origin, mode, ...answer });

  const callTraced = async (request: HookRequest): Promise<HookDecision> => {
    const trace = begin({ fromCache: false, shared: false });
    return traced(webhookCalls, trace, () => call(request, trace), undefined);
  };

  return (request) => {
    if (!webhookCalls.hasSubscribers) return cache.get(request, (again) => call(again, undefined));
    let isCalled = false;
    let callInQuestion: TracedCall | undefined;
    const decided = cache.get(request, (again) => {
      isCalled = true;
      // Without a question that waits: the call is the question, or renews what a kept response has answered.
      return callInQuestion === undefined ? callTraced(again) : callInQuestion(again, undefined);
    });
    const fromCache = !isPromise(decided);
    if (isCalled && !fromCache) return decided;
    const trace = begin({ fromCache, shared: !fromCache });
    const wait = (): MaybePromise<Decision> => {
      // Other processes may leave the call to this question, whose span is then around it.
      const inContext = AsyncLocalStorage.snapshot();
      callInQuestion = (again) => {
        trace.shared = false;
        return inContext(() => call(again, trace));
      };
      return decided;
    };
    return traced(webhookCalls, trace, fromCache ? () => decided : wait, undefined);
  };
}

/** What the webhook method works with beside its configuration, made at start. */
export interface WebhookParts {
  readonly cache: HookCache;
  readonly status: HookStatus;
  /** Throws the AuthError `revoked` if a token of the request is revoked. */
  readonly refuseRevoked: (request: RequestView) => void;
}

/** Authenticates each request by a webhook, whose response contains the session. Always decides. */
export function webhook(
  hook: HookConfig,
  runtime: Runtime,
  { cache, status, refuseRevoked }: WebhookParts,
): AuthMethod {
  const requestFor = hookRequests(hook);
  const ask = questions(hook, cache, hookCalls(hook, runtime, status));
  const checkBody = warnOfUnparsedBody(hook, runtime.logger);

  return (request) => {
    checkBody(request);
    refuseRevoked(request);
    const { observe, trace } = request;
    const decided = ask(requestFor(request));
    if (trace !== undefined && hook.cache !== undefined) trace.fromCache = !isPromise(decided);
    if (observe === undefined) return decided;
    if (!isPromise(decided)) {
      observe({ step: 'webhook', outcome: 'cached response' });
      return decided;
    }
    return decided.then(
      (accepted) => {
        observe({ step: 'webhook', outcome: 'accepted' });
        return accepted;
      },
      (error: unknown) => {
        observe({ step: 'webhook', outcome: 'refused' });
        throw error;
      },
    );
  };
}
