import { createAuthenticator, type ErrorResponse } from '@hasura-auth/core';
import type { LoopbackServer } from '@hasura-auth/testkit';

import { markedModes, type MarkedMode } from '../src/marked-cases.js';
import { startMarkedServer } from '../src/marked-server.js';
import { marked, Watch } from '../src/marks.js';

/**
 * The marks of secrets. Claims, roles, and the configured issuer and audience are marked in these cases too; an
 * explanation is for operators, and shows them.
 */
const secrets = [
  ...['admin-secret', 'wrong-secret', 'wrong-key', 'password', 'authorization', 'hmac'],
  ...['one', 'two', 'no-token', 'token', 'cookie', 'query', 'location', 'hook-value', 'note'],
  'url',
].map(marked);

/** A response that repeats whatever the client has sent, as an app might by mistake. */
const echo: ErrorResponse = ({ status }, { headers, url }) => ({
  status,
  headers: { 'x-echo': Object.values(headers).join() },
  body: { headers, url: url?.slice(0, 1) },
});

let server: LoopbackServer;
let modes: readonly MarkedMode[];
beforeAll(async () => {
  server = await startMarkedServer();
  modes = await markedModes(server.url);
});
afterAll(() => server.close());

describe('an explanation holds no secret, no signature and no token', () => {
  it.each<[string, ErrorResponse | undefined]>([
    ['with the response of the default style', undefined],
    ['with a response that repeats the request', echo],
  ])('%s', async (_style, errorResponse) => {
    const watch = new Watch();
    const outcomes = { accepted: 0, refused: 0 };
    for (const { name, options, requests, tokens } of modes) {
      for (const token of tokens) watch.hide(token);
      const logger = { warn: () => undefined, error: () => undefined };
      const authenticator = createAuthenticator({ ...options, errorResponse, logger });
      for (const headers of requests) {
        const explanation = await authenticator.explain({ headers, url: `/?${marked('url')}` });
        outcomes[explanation.outcome] += 1;
        watch.see(name, explanation);
        watch.see(name, JSON.stringify(explanation));
      }
      await authenticator.close();
    }
    expect(watch.leaksOf(secrets)).toEqual([]);
    expect(outcomes.refused).toBeGreaterThan(100);
    expect(outcomes.accepted).toBeGreaterThan(0);
  });

  it('and the check finds one that does', async () => {
    const watch = new Watch();
    const [token = ''] = modes.flatMap(({ tokens }) => tokens);
    watch.hide(token);
    watch.see('a claim', marked('claim'));
    expect(watch.leaksOf(secrets)).toEqual([]);
    watch.see('a secret', { deep: [marked('admin-secret')] });
    watch.see('a signature', token.slice(-40, -10));
    expect(watch.leaksOf(secrets)).toHaveLength(2);
  });
});
