import {
  createAuthenticator,
  isAuthError,
  type AuthOptions,
  type Session,
} from '@hasura-auth/core';
import type { WebhookOutcome, WebhookTarget } from './describe-webhook.js';
import type { RunningApp } from './running-app.js';
import { sendRequest, type SentRequest } from '@hasura-auth/testkit';

function parsedBody(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
}

/** Core alone, called as an adapter calls it. */
export async function coreTarget(options: AuthOptions): Promise<WebhookTarget> {
  const authenticator = createAuthenticator(options);
  async function send(sent: SentRequest): Promise<WebhookOutcome> {
    const { method = 'GET', path: url, headers = {}, body } = sent;
    try {
      const rawHeaders = Object.entries(headers).flatMap(([name, value]) =>
        [value].flat().flatMap((one) => [name, one]),
      );
      const request = { method, url, headers, rawHeaders, body: parsedBody(body) };
      const { session, headers: added } = await authenticator.decide(request);
      return { status: 200, session, cookies: added.map(([, value]) => value) };
    } catch (error) {
      if (!isAuthError(error)) throw error;
      const { status, code, message, headers: added } = error;
      return { status, code, message, cookies: [added['Set-Cookie'] ?? []].flat() };
    }
  }
  return { send, close: () => authenticator.close() };
}

interface ErrorBody {
  readonly errors: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string };
  }[];
}

/** An app behind real HTTP. */
export function appTarget(app: RunningApp): WebhookTarget {
  async function send(sent: SentRequest): Promise<WebhookOutcome> {
    const before = app.endpoint.reached.length;
    const { status, cookies, body } = await sendRequest(app.url, sent);
    const session: Session | undefined = app.endpoint.reached[before];
    if (session) return { status, cookies, session };
    const [error] = (JSON.parse(body) as ErrorBody).errors; // what every refusal's body is
    const { message = '', extensions } = error ?? {};
    return { status, cookies, message, code: extensions?.code ?? '' };
  }
  return { send, close: app.close };
}
