import {
  startLoopbackServer,
  type Answer,
  type LoopbackServer,
  type RecordedRequest,
} from './loopback-server.js';

export interface WebhookServer extends LoopbackServer {
  /** Answers this from the next request on. */
  answerWith(answer: WebhookAnswer): void;
}

/** The session variables, or anything at all. A body that is no text is sent as JSON. */
export interface WebhookAnswer extends Omit<Answer, 'body'> {
  readonly body?: unknown;
}

const asUser = (): WebhookAnswer => ({
  body: { 'X-Hasura-Role': 'user', 'X-Hasura-User-Id': '1' },
});

function sent({ body, headers, ...rest }: WebhookAnswer): Answer {
  const text =
    typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body ?? '');
  return { ...rest, headers: { 'content-type': 'application/json', ...headers }, body: text };
}

/** An auth hook on loopback: responds that each client is user 1, until a test sets another response. */
export async function startWebhookServer(
  answer: (request: RecordedRequest) => WebhookAnswer = asUser,
): Promise<WebhookServer> {
  let current = answer;
  const server = await startLoopbackServer((request) => sent(current(request)));
  return {
    ...server,
    answerWith(next) {
      current = () => next;
    },
  };
}
