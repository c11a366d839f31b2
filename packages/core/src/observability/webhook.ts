import { isAuthError } from '../errors.js';
import type { RefusalKind } from '../refusals.js';
import type { WebhookContext, WebhookOutcome } from './channels.js';
import type { OpenContext } from './traced.js';

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
