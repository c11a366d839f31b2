import { URL } from 'node:url';
import type { HookConfig } from '../webhook/options.js';
import type { Logger } from '../runtime.js';
import type { RequestView } from '../request.js';
import type { Runtime } from '../runtime.js';
import { RequestError, sendRequest, withDeadline } from '../http-request.js';
import { AuthError } from '../errors.js';
import { webhookCalls, type WebhookEvent } from '../events.js';
import { parseHookAnswer, readReply, type HookReply } from '../webhook/response.js';
import type { HookAnswers, HookVerdict } from '../webhook/cache.js';
import { hookCalls, type HookCall } from '../webhook/request.js';
import { HookLog } from '../webhook/log.js';
import { isPromise } from '../maybe-promise.js';
import { decision } from '../session.js';
import type { AuthMethod } from './method.js';

const json = /^application\/(?:[\w.+-]+\+)?json\b/i;

/** Whether a request announces a JSON body that nobody has parsed yet. */
function isUnparsed(request: RequestView): boolean {
  const { method, body } = request.source;
  return (
    body === undefined &&
    method !== 'GET' && // whose body is not looked at
    method !== 'HEAD' &&
    (request.header('transfer-encoding') !== undefined ||
      Number(request.header('content-length')) > 0) &&
    json.test(request.header('content-type') ?? '')
  );
}

/** Warns once where a hook that wants the GraphQL request is asked before any body parser ran. */
export function warnOfEarlyBody(
  { mode, sendRequestBody }: HookConfig,
  logger: Logger,
): (request: RequestView) => void {
  let isWatching = mode === 'POST' && sendRequestBody;
  return (request) => {
    if (!isWatching || !isUnparsed(request)) return;
    isWatching = false;
    logger.warn(
      'authHook: a request with a JSON body came here before any body parser had read it, so the hook is told "request": null; put the parser before hasuraAuth, or set authHook.sendRequestBody to false',
    );
  };
}

/** Why no response came. The messages of other errors are not logged: they may quote what was sent. */
function failure(error: unknown): string {
  return error instanceof RequestError ? error.message : 'the connection failed';
}

/** What an answer with status 200 says, or the refusal that it comes to. */
function judge(reply: HookReply, log: HookLog, now: number): HookVerdict {
  const unusable = (problem: string): AuthError => {
    log.error(`it answered ${reply.shape()}: ${problem}`);
    return new AuthError('hook-invalid-response');
  };
  if (reply.status === 401) throw new AuthError('hook-unauthorized');
  if (reply.status !== 200) throw unusable('only 200 and 401 have a meaning');
  if (reply.text === undefined) throw unusable('the body is larger than 1 MiB');
  const answer = parseHookAnswer(reply.text, now);
  if (answer.kind === 'unreadable') throw unusable(answer.problem);
  const { role, variables, expiry } = answer;
  if (role === undefined) {
    log.error(`it answered ${reply.shape()}: there is no x-hasura-role in it`);
    throw new AuthError('hook-without-role');
  }
  for (const member of expiry.unreadable)
    log.warn(`its member ${member} cannot be read, and counts as absent`);
  const { expiresAt, keepUntil } = expiry;
  const decided = decision({ role, variables, method: 'webhook', expiresAt }, reply.cookies);
  return { decision: decided, keepUntil, length: reply.text.length };
}

/** The event costs nothing where nobody listens. */
function publish(event: Omit<WebhookEvent, 'durationMs'>, start: number): void {
  if (webhookCalls.hasSubscribers)
    webhookCalls.publish({ ...event, durationMs: performance.now() - start });
}

/** Asks a webhook: what it says is the session. Every request comes to an end here. */
export function webhook(hook: HookConfig, runtime: Runtime, answers: HookAnswers): AuthMethod {
  const { url, timeoutMs } = hook;
  const { origin } = new URL(url); // a path or query may hold a secret
  const log = new HookLog(origin, runtime.logger, runtime.now);
  const callOf = hookCalls(hook);
  const watchBody = warnOfEarlyBody(hook, runtime.logger);

  const fetched = (call: HookCall): Promise<HookReply> =>
    withDeadline(timeoutMs, runtime.setTimeout, async (signal) =>
      readReply(await sendRequest(runtime.fetch, { url, ...call }, signal)),
    );

  async function ask(call: HookCall): Promise<HookVerdict> {
    const start = webhookCalls.hasSubscribers ? performance.now() : 0;
    let reply: HookReply | undefined;
    try {
      reply = await fetched(call);
      const verdict = judge(reply, log, runtime.now());
      publish({ origin, status: reply.status, outcome: 'accepted' }, start);
      return verdict;
    } catch (error) {
      if (reply === undefined) {
        publish({ origin, outcome: 'failed' }, start);
        log.error(`no answer: ${failure(error)}`);
        throw new AuthError('hook-unreachable', { cause: error });
      }
      const { status } = reply;
      publish({ origin, status, outcome: status === 401 ? 'unauthorized' : 'failed' }, start);
      throw error;
    }
  }

  return (request) => {
    watchBody(request);
    const { observe } = request;
    const decided = answers.get(callOf(request), ask);
    if (observe === undefined) return decided;
    if (!isPromise(decided)) {
      observe({ step: 'webhook', outcome: 'kept answer' });
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
