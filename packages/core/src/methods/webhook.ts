import { URL } from 'node:url';
import { AuthError } from '../errors.js';
import { webhookCalls, type WebhookEvent } from '../events.js';
import { RequestError, sendRequest, withDeadline } from '../http-request.js';
import { isPromise } from '../maybe-promise.js';
import type { Runtime } from '../runtime.js';
import { decision } from '../session.js';
import type { CallHook, HookCache, HookDecision } from '../webhook/cache.js';
import { warnOfUnparsedBody } from '../webhook/graphql-request.js';
import { HookLog } from '../webhook/log.js';
import type { HookConfig } from '../webhook/options.js';
import { hookRequests, type HookRequest } from '../webhook/request.js';
import { parseHookBody, readHookResponse, type HookResponse } from '../webhook/response.js';
import type { AuthMethod } from './method.js';

/** Why no response came. The messages of other errors are not logged: they may quote what was sent. */
function failure(error: unknown): string {
  return error instanceof RequestError ? error.message : 'the connection failed';
}

/** The decision that a response contains. Throws the AuthError that it amounts to. */
function decide(response: HookResponse, log: HookLog, now: number): HookDecision {
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
    decision: decision({ role, variables, method: 'webhook', expiresAt }, headers),
    keepUntil,
    length: text.length,
  };
}

/** An event costs nothing without a subscriber. */
function publish(event: Omit<WebhookEvent, 'durationMs'>, start: number): void {
  if (webhookCalls.hasSubscribers)
    webhookCalls.publish({ ...event, durationMs: performance.now() - start });
}

/** Calls one hook: at most `maxConcurrent` requests are in progress, each for at most `timeoutMs`. */
function hookCalls(hook: HookConfig, runtime: Runtime): CallHook {
  const { url, timeoutMs, maxConcurrent } = hook;
  const { origin } = new URL(url); // a path or query may hold a secret
  const log = new HookLog(origin, runtime.logger, runtime.now);
  let inProgress = 0;

  const responseTo = (request: HookRequest): Promise<HookResponse> =>
    withDeadline(timeoutMs, runtime.setTimeout, async (signal) =>
      readHookResponse(await sendRequest(runtime.fetch, { url, ...request }, signal)),
    );

  async function call(request: HookRequest): Promise<HookDecision> {
    const start = webhookCalls.hasSubscribers ? performance.now() : 0;
    let response: HookResponse;
    try {
      response = await responseTo(request);
    } catch (error) {
      publish({ origin, outcome: 'failed' }, start);
      log.error(`no answer: ${failure(error)}`);
      throw new AuthError('hook-unreachable', { cause: error });
    }
    const { status } = response;
    try {
      const decided = decide(response, log, runtime.now());
      publish({ origin, status, outcome: 'accepted' }, start);
      return decided;
    } catch (error) {
      publish({ origin, status, outcome: status === 401 ? 'unauthorized' : 'failed' }, start);
      throw error;
    }
  }

  const ended = (): void => {
    inProgress--;
  };

  return (request) => {
    if (inProgress >= maxConcurrent) {
      log.error(
        `a request was refused because ${String(maxConcurrent)} calls are in progress (authHook.maxConcurrent)`,
      );
      return Promise.reject(new AuthError('hook-busy'));
    }
    inProgress++;
    const called = call(request);
    called.then(ended, ended);
    return called;
  };
}

/** Authenticates each request by a webhook, whose response contains the session. Always decides. */
export function webhook(hook: HookConfig, runtime: Runtime, cache: HookCache): AuthMethod {
  const requestFor = hookRequests(hook);
  const call = hookCalls(hook, runtime);
  const checkBody = warnOfUnparsedBody(hook, runtime.logger);

  return (request) => {
    checkBody(request);
    const { observe } = request;
    const decided = cache.get(requestFor(request), call);
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
