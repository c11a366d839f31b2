import { startLoopbackServer, type Answer, type LoopbackServer } from '@hasura-auth/testkit';

import { marked } from './marks.js';

const body = JSON.stringify({ 'x-hasura-user-id': marked('hook-value'), note: marked('note') });

const answers: Readonly<Record<string, Answer>> = {
  nonsense: { body: `{"x-hasura-role":"${marked('hook-role')}"` },
  'status/401': { status: 401, body },
  'status/500': { status: 500, body, headers: { 'content-type': 'text/plain' } },
  redirect: { status: 302, headers: { location: `/${marked('location')}` } },
  'no-role': { body },
  'empty-set': {
    body: JSON.stringify({
      keys: [{ kty: 'unknown', kid: 'public', n: marked('n'), x5c: [marked('x5c')] }],
    }),
  },
  cut: { body, delivery: { kind: 'cut', afterBytes: 5 } },
};

/**
 * A key set endpoint and a webhook on a bad day: all that it answers is marked, but for what logs are to say: the kid of
 * a published key, and the media type of an answer.
 */
export function startMarkedServer(): Promise<LoopbackServer> {
  return startLoopbackServer(
    ({ url }) => answers[new URL(url, 'http://127.0.0.1').pathname.slice(1)] ?? { status: 404 },
  );
}
