import { isAuthError } from '../errors.js';
import { isPromise, type MaybePromise } from '../maybe-promise.js';
import type { RefusalKind } from '../refusals.js';
import type { Decision } from '../session.js';
import { webhookCalls, type WebhookContext, type WebhookOutcome } from './channels.js';
import { traced, type OpenContext } from './traced.js';

/** What is known of a question to a webhook when it begins. */
export type AboutQuestion = Pick<WebhookContext, 'origin' | 'mode'>;

/** The context of one question to a webhook, as the method fills it. */
export class WebhookTrace implements WebhookContext, OpenContext<Decision> {
  readonly origin: string;
  readonly mode: 'GET' | 'POST';
  status: number | undefined = undefined;
  outcome: WebhookOutcome | undefined = undefined;
  kind: RefusalKind | 'internal-error' | undefined = undefined;
  fromCache: boolean | undefined = undefined;
  shared: boolean | undefined = undefined;
  durationMs: number | undefined = undefined;
  #hasCalled = false;

  constructor({ origin, mode }: AboutQuestion) {
    this.origin = origin;
    this.mode = mode;
  }

  /** The hook is called for this very request. */
  called(): void {
    this.#hasCalled = true;
    this.shared = false;
  }

  /** What the cache returned, before it is waited for. */
  asked(decided: MaybePromise<Decision>): void {
    this.fromCache = !isPromise(decided);
    this.shared = !this.fromCache && !this.#hasCalled;
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

/** Asks a webhook or its cache, and publishes that if a channel of webhooks has a subscriber. */
export function observedQuestion(
  about: AboutQuestion,
  ask: (trace: WebhookTrace | undefined) => MaybePromise<Decision>,
): MaybePromise<Decision> {
  if (!webhookCalls.hasSubscribers) return ask(undefined);
  const trace = new WebhookTrace(about);
  const asked = (): MaybePromise<Decision> => {
    const decided = ask(trace);
    trace.asked(decided);
    return decided;
  };
  return traced(webhookCalls, trace, asked, undefined);
}
