import { createAuthenticator, type Authenticator } from '@hasura-auth/core';

import { startWebhookServer, type WebhookServer, keptLog } from '@hasura-auth/testkit';

// Node's fetch opens a second one if a request comes at the moment at which a response has just been read.
const spare = 2;

describe('connections to an auth hook', () => {
  let hook: WebhookServer;
  let authenticator: Authenticator;

  beforeEach(async () => {
    hook = await startWebhookServer();
    authenticator = createAuthenticator({
      adminSecret: 'the right admin secret',
      authHook: hook.url,
      logger: keptLog().logger,
    });
  });
  afterEach(() => hook.close());

  const ask = (): Promise<unknown> =>
    authenticator.authenticate({ headers: { cookie: 'id=1' } }).catch((error: unknown) => error);

  it('are one and a spare one for requests one after another', async () => {
    for (let request = 0; request < 100; request++) await ask();
    expect(hook.requests).toHaveLength(100);
    expect(hook.connections()).toBeLessThanOrEqual(spare);
  });

  it('are no more than the requests at once and spare ones, burst after burst', async () => {
    for (let burst = 0; burst < 10; burst++) await Promise.all(Array.from({ length: 20 }, ask));
    expect(hook.requests).toHaveLength(200);
    expect(hook.connections()).toBeLessThanOrEqual(20 * spare);
  });

  it('are bounded: a request over maxConcurrent is refused, and no call is made for it', async () => {
    const { authenticate } = createAuthenticator({
      adminSecret: 'the right admin secret',
      authHook: { url: hook.url, maxConcurrent: 3 },
      logger: keptLog().logger,
    });
    hook.answerWith({ body: { 'x-hasura-role': 'user' }, delivery: { kind: 'held' } });
    const first = Array.from({ length: 3 }, () => authenticate({ headers: {} }));
    await expect(authenticate({ headers: {} })).rejects.toMatchObject({ status: 503 });
    await hook.arrived(3);
    hook.release();
    await Promise.all(first);
    expect(hook.requests).toHaveLength(3);
  });

  it.each([
    ['a refusal', { status: 401, body: { error: 'who are you?' } }],
    ['a failure', { status: 500, body: 'marked '.repeat(5000) }],
    ['a redirect', { status: 302, headers: { location: '/' }, body: 'elsewhere' }],
    ['an answer without a role', { body: {} }],
  ])('stay open after %s', async (_name, answer) => {
    hook.answerWith(answer);
    for (let request = 0; request < 10; request++) await ask();
    expect(hook.connections()).toBeLessThanOrEqual(spare);
  });
});
