import { startWebhookServer, type WebhookServer } from '@hasura-auth/testkit';

import { AuthError, type AuthOptions } from '@hasura-auth/core';
import { authHookHandler, hasuraAuth, requireRole } from '@hasura-auth/express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import request from 'supertest';
import { majors } from './express-majors.js';

const right = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user' };
let hook: WebhookServer;
beforeAll(async () => {
  hook = await startWebhookServer();
});
afterEach(() => hook.answerWith({ body: { 'x-hasura-role': 'user' } }));
afterAll(() => hook.close());

describe.each(majors)('%s', (_, express) => {
  function app(options: AuthOptions, ...later: RequestHandler[]) {
    const errors: unknown[] = [];
    const keep: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
      errors.push(error);
      res.status(599).end();
    };
    const app = express();
    app.use(hasuraAuth(options), ...later, keep);
    return { app, errors };
  }

  describe('forward', () => {
    it('hands a refusal to the error middleware, and to no other handler', async () => {
      const later = jest.fn();
      const { app: forwarding, errors } = app(
        { adminSecret: 'secret', errorResponse: 'forward' },
        requireRole('editor'),
        later,
      );
      await request(forwarding).get('/').expect(599);
      await request(forwarding).get('/').set(right).expect(599);
      expect(errors).toEqual([expect.any(AuthError), expect.any(AuthError)]);
      expect(errors).toMatchObject([{ kind: 'missing-secret' }, { kind: 'role-guard' }]);
      expect(later).not.toHaveBeenCalled();
    });

    it('keeps status and headers where Express answers by itself', async () => {
      const bare = express();
      bare.use(hasuraAuth({ adminSecret: 'secret', errorResponse: 'forward' }));
      await request(bare).get('/').expect(401).expect('WWW-Authenticate', 'HasuraAdminSecret');
    });
  });

  const waits = (): AuthOptions => ({ adminSecret: 'secret', authHook: hook.url });
  describe.each([
    ['that was decided at once', (): AuthOptions => ({ adminSecret: 'secret' }), right],
    ['that was waited for', waits, {}],
  ])('behind a request %s', (_name, options, headers) => {
    it.each([new Error('broken'), new AuthError('missing-token')])(
      'an error of a handler goes to the error middleware once: %s',
      async (error) => {
        const throwing: RequestHandler = () => {
          throw error;
        };
        const { app: broken, errors } = app(options(), throwing);
        await request(broken).get('/').set(headers).expect(599);
        expect(errors).toEqual([error]);
      },
    );

    it('an error of an asynchronous handler goes there once', async () => {
      const error = new Error('broken');
      const failing: RequestHandler = (_req, _res, next) => void Promise.reject(error).catch(next);
      const { app: broken, errors } = app(options(), failing);
      await request(broken).get('/').set(headers).expect(599);
      expect(errors).toEqual([error]);
    });
  });

  it.each([
    ['at once', (): AuthOptions => ({ adminSecret: 'secret' })],
    ['after a wait', waits],
  ])('an errorResponse that fails goes to the error middleware, %s', async (_name, options) => {
    const error = new Error('broken');
    const errorResponse = (): never => {
      throw error;
    };
    hook.answerWith({ status: 401 });
    const { app: broken, errors } = app({ ...options(), errorResponse });
    await request(broken).get('/').expect(599);
    expect(errors).toEqual([error]);
  });

  it.each([
    ['a refusal', { status: 401 }],
    ['a cookie', { headers: { 'set-cookie': 'a=b' }, body: { 'x-hasura-role': 'user' } }],
  ])('%s that comes after another response has no effect', async (_name, answer) => {
    hook.answerWith({ ...answer, delivery: { kind: 'held' } });
    const late = express();
    const ended = new Promise<unknown>((resolve) => {
      const impatient: RequestHandler = (_req, res, next) => {
        next();
        void hook.arrived(hook.requests.length + 1).then(() => {
          res.status(504).end();
          hook.release();
        });
      };
      const keep: ErrorRequestHandler = (error, _req, _res, _next) => resolve(error);
      late.use(impatient, hasuraAuth(waits()), keep);
    });
    await request(late).get('/').expect(504);
    expect(await ended).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT' });
  });
});

describe.each(majors)('%s: what is passed as a handler without being called', (_, express) => {
  it.each([
    ['hasuraAuth', hasuraAuth],
    ['authHookHandler', authHookHandler],
    ['requireRole', requireRole],
  ])('%s says so in the error', async (name, factory) => {
    const errors: unknown[] = [];
    const keep: ErrorRequestHandler = (error, _req, res, _next) => {
      errors.push(error);
      res.status(599).end();
    };
    const app = express().use(factory as unknown as RequestHandler, keep); // what JavaScript passes
    await request(app).get('/').expect(599);
    expect(errors).toMatchObject([{ message: expect.stringContaining(`${name}: it makes`) }]);
  });
});

describe.each(majors)('%s: authHookHandler', (_, express) => {
  it('passes to the error middleware what fails while it answers', async () => {
    const ended = new Promise<unknown>((resolve) => {
      const app = express();
      const timeout: RequestHandler = (_req, res, next) => {
        next();
        res.status(504).end();
      };
      const keep: ErrorRequestHandler = (error, _req, _res, _next) => resolve(error);
      app.use(timeout, authHookHandler({ adminSecret: 'secret' }), keep);
      void request(app).get('/').expect(504).then();
    });
    expect(await ended).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT' });
  });

  it.each([undefined, null, 'route'])(
    'goes to no later handler if its function throws %j',
    async (thrown: unknown) => {
      const later = jest.fn();
      const errors: unknown[] = [];
      const keep: ErrorRequestHandler = (error, _req, res, _next) => {
        errors.push(error);
        res.status(599).end();
      };
      const resolve = (): never => {
        throw thrown;
      };
      const app = express().use(authHookHandler({ resolve }), later, keep);
      await request(app).get('/').expect(599);
      expect(errors).toMatchObject([{ cause: thrown }]);
      expect(later).not.toHaveBeenCalled();
    },
  );
});

it('Express 5 hands on what an async handler rejects with', async () => {
  const express = majors[1][1];
  const keep: ErrorRequestHandler = (error: Error, _req, res, _next) =>
    void res.status(599).send(error.message);
  const app = express();
  app.use(
    hasuraAuth({ adminSecret: 'secret' }),
    async () => Promise.reject(new Error('broken')),
    keep,
  );
  await request(app).get('/').set(right).expect(599, 'broken');
});
