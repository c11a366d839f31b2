import { createServer } from 'node:http';
import { bodyParser } from '@koa/bodyparser';
import type { AuthOptions } from '@hasura-auth/core';
import { hasuraAuth as expressAuth } from '@hasura-auth/express';
import { hasuraAuth as fastifyAuth } from '@hasura-auth/fastify';
import { hasuraAuth as koaAuth } from '@hasura-auth/koa';
import express from 'express';
import Fastify, { type FastifyInstance } from 'fastify';
import Koa from 'koa';

import { listen, protectedEndpoint, type RunningApp } from '../src/running-app.js';
import { sendRequest, startWebhookServer, type WebhookServer, keptLog } from '@hasura-auth/testkit';

const body = '{"query":"{ a }"}';

describe('a POST hook that is called before any body parser', () => {
  let hook: WebhookServer;
  let app: RunningApp | undefined;
  const log = keptLog();
  const options = (): AuthOptions => ({
    adminSecret: 'the right admin secret',
    authHook: { url: hook.url, mode: 'POST' },
    logger: log.logger,
  });
  beforeAll(async () => {
    hook = await startWebhookServer();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });
  afterAll(() => hook.close());

  async function post(started: RunningApp): Promise<unknown> {
    app = started;
    const headers = { 'content-type': 'application/json' };
    const { status } = await sendRequest(app.url, { method: 'POST', headers, body });
    expect(status).toBe(200);
    return JSON.parse(hook.requests.at(-1)?.body ?? '');
  }

  it.each([
    [
      'Express',
      () => {
        const endpoint = protectedEndpoint();
        const app = express().use(expressAuth(options()), express.json());
        app.use((req, res) => void res.json(endpoint.answer(req.hasura)));
        return listen(createServer(app), endpoint);
      },
    ],
    [
      'Koa',
      () => {
        const endpoint = protectedEndpoint();
        const app = new Koa().use(koaAuth(options())).use(bodyParser());
        app.use((ctx) => {
          ctx.body = endpoint.answer(ctx.state.hasura);
        });
        const handle = app.callback();
        const server = createServer((req, res) => void handle(req, res));
        return listen(server, endpoint);
      },
    ],
  ])('receives null on %s, and the log warns of it once', async (_name, start) => {
    const before = log.lines.length;
    const started = await start();
    expect(await post(started)).toHaveProperty('request', null);
    expect(await post(started)).toHaveProperty('request', null);
    expect(log.lines.slice(before)).toEqual([
      expect.stringContaining('register the parser before hasuraAuth'),
    ]);
  });

  describe('on Fastify', () => {
    async function start(mode: 'GET' | 'POST', sendRequestBody = true): Promise<FastifyInstance> {
      const app = Fastify();
      const authHook = { url: hook.url, mode, sendRequestBody };
      await app.register(fastifyAuth, { ...options(), authHook });
      app.post('/', (request) => ({ role: request.hasura?.role }));
      return app;
    }

    it('receives the request, since the plugin calls it in preValidation', async () => {
      const app = await start('POST');
      const { statusCode } = await app.inject({
        method: 'POST',
        url: '/',
        payload: { query: '{ a }' },
      });
      expect(statusCode).toBe(200);
      expect(JSON.parse(hook.requests.at(-1)?.body ?? '')).toHaveProperty('request.query', '{ a }');
    });

    it.each([
      ['GET', true, 401],
      ['POST', false, 401],
      ['POST', true, 400],
    ] as const)(
      'parses a body before the refusal only if the hook receives it (%s, %s)',
      async (mode, sendRequestBody, status) => {
        const app = await start(mode, sendRequestBody);
        hook.answerWith({ status: 401 });
        const headers = { 'content-type': 'application/json' };
        const answer = await app.inject({ method: 'POST', url: '/', headers, payload: '{"que' });
        expect(answer.statusCode).toBe(status);
      },
    );
  });
});
