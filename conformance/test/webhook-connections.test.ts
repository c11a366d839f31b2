import { createAuthenticator, type Authenticator } from '@hasura-auth/core';

import { startWebhookServer, type WebhookServer, keptLog } from '@hasura-auth/testkit';

// Node's fetch opens a second one where a request comes in the moment in which an answer has just been read.
const spare = 2;

describe('connections to an auth hook', () => {
  let hook: WebhookServer;
  let authenticator: Authenticator;

  beforeEach(async () => {
    hook = await startWebhookServer();
    authenticator = createAuthenticator({
      adminSecret: 'right',
      authHook: hook.url,
      logger: keptLog().logger,
    });
  });
  afterEach(() => hook.close());

  const ask = (): Promise<unknown> =>
    authenticator.authenticate({ headers: { cookie: 'id=1' } }).catch((error: unknown) => error);

  it('one and a spare one are enough for requests one after another', async () => {
    for (let request = 0; request < 100; request++) await ask();
    expect(hook.requests).toHaveLength(100);
    expect(hook.connections()).toBeLessThanOrEqual(spare);
  });

  it('requests at once take no more for being many, again and again', async () => {
    for (let burst = 0; burst < 10; burst++) await Promise.all(Array.from({ length: 20 }, ask));
    expect(hook.requests).toHaveLength(200);
    expect(hook.connections()).toBeLessThanOrEqual(20 * spare);
  });

  it.each([
    ['a refusal', { status: 401, body: { error: 'who are you?' } }],
    ['a failure', { status: 500, body: 'marked '.repeat(5000) }],
    ['a redirect', { status: 302, headers: { location: '/' }, body: 'elsewhere' }],
    ['an answer without a role', { body: {} }],
  ])('%s keeps the connection', async (_name, answer) => {
    hook.answerWith(answer);
    for (let request = 0; request < 10; request++) await ask();
    expect(hook.connections()).toBeLessThanOrEqual(spare);
  });
});
