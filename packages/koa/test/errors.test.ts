import { inspect } from 'node:util';
import { startWebhookServer, type WebhookServer } from '@hasura-auth/testkit';

import { AuthError, type AuthOptions } from '@hasura-auth/core';
import { authHookHandler, hasuraAuth, requireRole } from '@hasura-auth/koa';
import type { Middleware } from 'koa';
import request from 'supertest';
import { majors } from './koa-majors.js';

const right = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user' };
let hook: WebhookServer;
beforeAll(async () => {
  hook = await startWebhookServer();
});
afterEach(() => hook.answerWith({ body: { 'x-hasura-role': 'user' } }));
afterAll(() => hook.close());

describe.each(majors)('%s', (_, Koa) => {
  /** An app that reports what an outer try/catch saw, and what Koa's own error event did. */
  function app(options: AuthOptions, ...later: Middleware[]) {
    const caught: unknown[] = [];
    const emitted: unknown[] = [];
    const app = new Koa();
    app.on('error', (error: unknown) => emitted.push(error));
    app.use(async (_ctx, next) => {
      try {
        await next();
      } catch (error) {
        caught.push(error);
        throw error;
      }
    });
    app.use(hasuraAuth(options));
    for (const one of later) app.use(one);
    return { app: app.callback(), caught, emitted };
  }

  it('forward: a refusal reaches the try/catch before us and the error event, and no later handler', async () => {
    const later = jest.fn();
    const forwarding = app(
      { adminSecret: 'secret', errorResponse: 'forward' },
      requireRole('editor'),
      later,
    );
    await request(forwarding.app)
      .get('/')
      .expect(401)
      .expect('WWW-Authenticate', 'HasuraAdminSecret');
    await request(forwarding.app).get('/').set(right).expect(403);
    const refusals = [expect.any(AuthError), expect.any(AuthError)];
    expect(forwarding.caught).toEqual(refusals);
    expect(forwarding.caught).toMatchObject([{ kind: 'missing-secret' }, { kind: 'role-guard' }]);
    expect(forwarding.emitted).toEqual(forwarding.caught);
    expect(later).not.toHaveBeenCalled();
  });

  it('forward: a refusal after a wait is the same', async () => {
    hook.answerWith({ status: 401 });
    const options = {
      adminSecret: 'secret',
      authHook: hook.url,
      errorResponse: 'forward',
    } as const;
    const forwarding = app(options);
    await request(forwarding.app).get('/').expect(401);
    expect(forwarding.caught).toEqual([expect.any(AuthError)]);
    expect(forwarding.emitted).toEqual(forwarding.caught);
  });

  const waits = (): AuthOptions => ({ adminSecret: 'secret', authHook: hook.url });
  describe.each([
    ['that was decided at once', (): AuthOptions => ({ adminSecret: 'secret' }), right],
    ['that was waited for', waits, {}],
  ])('behind a request %s', (_name, options, headers) => {
    const throws =
      (error: Error): Middleware =>
      () => {
        throw error;
      };
    const rejects =
      (error: Error): Middleware =>
      () =>
        Promise.reject(error);

    it.each([
      ['throws', new Error('broken'), throws, 500],
      ['rejects with', new Error('broken'), rejects, 500],
      ['throws', new AuthError('missing-token'), throws, 401],
      ['rejects with', new AuthError('missing-token'), rejects, 401],
    ])('what a handler %s goes to Koa once: %s', async (_how, error, failing, status) => {
      const broken = app(options(), failing(error));
      const { type } = await request(broken.app).get('/').set(headers).expect(status);
      expect(type).toBe('text/plain'); // Koa's own answer
      expect(broken.caught).toEqual([error]);
      expect(broken.emitted).toEqual([error]);
    });
  });

  it.each([
    ['at once', (): AuthOptions => ({ adminSecret: 'secret' })],
    ['after a wait', waits],
  ])('an errorResponse that fails goes to Koa, %s', async (_name, options) => {
    const error = new Error('broken');
    const errorResponse = (): never => {
      throw error;
    };
    hook.answerWith({ status: 401 });
    const broken = app({ ...options(), errorResponse });
    await request(broken.app).get('/').expect(500);
    expect(broken.emitted).toEqual([error]);
  });
});

describe.each(majors)('%s: what is passed as a middleware without being called', (_, Koa) => {
  it.each([
    ['hasuraAuth', hasuraAuth],
    ['authHookHandler', authHookHandler],
    ['requireRole', requireRole],
  ])('%s says so in the error', async (name, factory) => {
    const errors: unknown[] = [];
    const app = new Koa().use(factory as unknown as Middleware); // what JavaScript passes
    app.on('error', (error: unknown) => errors.push(error));
    await request(app.callback()).get('/').expect(500);
    expect(errors).toMatchObject([{ message: expect.stringContaining(`${name}: it makes`) }]);
  });
});

describe.each(majors)('%s: authHookHandler', (_, Koa) => {
  it.each([undefined, null, 'a'])(
    'hangs nothing if its function throws %j',
    async (thrown: unknown) => {
      const errors: unknown[] = [];
      const resolve = (): never => {
        throw thrown;
      };
      const app = new Koa().use(authHookHandler({ resolve }));
      app.on('error', (error: unknown) => errors.push(error));
      await request(app.callback()).get('/').expect(500);
      expect(errors).toMatchObject([{ cause: thrown }]);
    },
  );
});

describe.each(majors)('%s: a webhook’s cookie stays where a later handler throws', (_, Koa) => {
  it.each<[string, unknown, string[]]>([
    ['an error with headers', Object.assign(new Error('a'), { headers: { 'X-A': '1' } }), ['a=b']],
    [
      'an error with a cookie',
      Object.assign(new Error('a'), { headers: { 'Set-Cookie': 'c=d' } }),
      ['c=d', 'a=b'],
    ],
    ['a frozen error', Object.freeze(new Error('a')), ['a=b']],
    ['something that is no Error', 'a', ['a=b']],
  ])('%s', async (_name, thrown, cookies) => {
    hook.answerWith({ headers: { 'set-cookie': 'a=b' }, body: { 'x-hasura-role': 'user' } });
    const app = new Koa().use(hasuraAuth({ adminSecret: 'secret', authHook: hook.url })).use(() => {
      throw thrown;
    });
    const emitted: unknown[] = [];
    app.on('error', (error: unknown) => emitted.push(error));
    const { headers } = await request(app.callback()).get('/').expect(500);
    expect(headers['set-cookie']).toEqual(cookies);
    expect(inspect(emitted, { depth: Infinity })).not.toContain('a=b'); // a client's, for no log
    if (thrown instanceof Error && 'headers' in thrown && cookies.length === 1)
      expect(headers['x-a']).toBe('1');
  });
});
