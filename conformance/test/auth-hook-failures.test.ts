import { createServer, type ServerResponse } from 'node:http';
import type { AuthHookFunction } from '@hasura-auth/core';
import { authHookHandler as expressHook } from '@hasura-auth/express';
import { authHookHandler as fastifyHook } from '@hasura-auth/fastify';
import { sendRequest } from '@hasura-auth/testkit';
import { authHookHandler as koaHook } from '@hasura-auth/koa';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { hookFrameworks } from '../src/hook-apps.js';
import { listen, protectedEndpoint, type RunningApp } from '../src/running-app.js';

type Resolve = AuthHookFunction['resolve'];
const user = { 'x-hasura-role': 'user' };

let unhandled: unknown[];
const keep = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled = [];
  process.on('unhandledRejection', keep);
});
afterEach(() => process.off('unhandledRejection', keep));

/** Unhandled rejections are reported after the microtasks of their turn. */
async function expectNoneUnhandled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
}

/** A session that is only there when the app has answered by itself, as a timeout middleware does. */
function lateSession(): { readonly resolve: Resolve; answered(): void } {
  let answered = (): void => undefined;
  const waiting = new Promise<void>((resolve) => {
    answered = resolve;
  });
  return { resolve: () => waiting.then(() => user), answered: () => answered() };
}

/** Sends a response as a timeout middleware would, and lets the session come once that has been sent. */
function answerFirst(response: ServerResponse, answered: () => void): void {
  response.statusCode = 408;
  response.end('too late', answered);
}

const lateApps: readonly [
  name: string,
  start: (reported: (error: unknown) => void) => Promise<RunningApp>,
][] = [
  [
    'Express',
    (reported) => {
      const { resolve, answered } = lateSession();
      const app = express();
      app.use((_req, res, next) => {
        next();
        answerFirst(res, answered);
      }, expressHook({ resolve }));
      const onError: express.ErrorRequestHandler = (error, _req, _res, _next) => reported(error);
      app.use(onError);
      return listen(createServer(app), protectedEndpoint());
    },
  ],
  [
    'Koa',
    (reported) => {
      const { resolve, answered } = lateSession();
      const app = new Koa();
      app.on('error', reported);
      app.use((ctx, next) => {
        ctx.respond = false;
        const later = next();
        answerFirst(ctx.res, answered);
        return later;
      });
      const handle = app.use(koaHook({ resolve })).callback();
      return listen(
        createServer((req, res) => void handle(req, res)),
        protectedEndpoint(),
      );
    },
  ],
  [
    'Fastify',
    async (reported) => {
      const { resolve, answered } = lateSession();
      const app = Fastify();
      app.setErrorHandler((error, _request, reply) => {
        reported(error);
        return reply.code(500).send();
      });
      const hook = fastifyHook({ resolve });
      app.all('/*', (request, reply) => {
        const later = hook(request, reply);
        answerFirst(reply.raw, answered);
        return later;
      });
      await app.ready();
      return listen(app.server, protectedEndpoint());
    },
  ],
];

describe.each(lateApps)('authHookHandler on %s', (name, start) => {
  it('leaves a response alone that was sent while the session was being looked up', async () => {
    const reported: unknown[] = [];
    const app = await start((error) => reported.push(error));
    try {
      expect(await sendRequest(app.url, {})).toMatchObject({ status: 408, body: 'too late' });
      await expectNoneUnhandled();
      // Koa ignores what is set after the headers; Express throws, and its error handler has to see it.
      if (name === 'Express')
        expect(reported).toEqual([expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' })]);
    } finally {
      await app.close();
    }
  });
});

const thrown = (value: unknown) => () => {
  throw value;
};

const failures: readonly [name: string, resolve: () => unknown][] = [
  ['throws undefined', thrown(undefined)],
  ['throws null', thrown(null)],
  ['throws an empty string', thrown('')],
  ["throws 'route'", thrown('route')],
  ["throws 'router'", thrown('router')],
  ['throws 0', thrown(0)],
  ['throws a function', thrown(() => 'marked')],
  ['throws a frozen error', thrown(Object.freeze(new Error('marked')))],
  // What a gateway would read as permission.
  [
    'throws an error with the status 200',
    thrown(Object.assign(new Error('marked'), { status: 200, expose: true })),
  ],
  ['rejects with undefined', async () => thrown(undefined)()],
  ['rejects later', () => new Promise((_, reject) => setImmediate(reject, 'route'))],
  [
    'returns an object with a getter that throws',
    () => ({
      get 'x-hasura-role'() {
        return thrown('route')();
      },
    }),
  ],
  [
    'returns a thenable that rejects',
    () => ({ then: (_: unknown, reject: (reason: unknown) => void) => reject('route') }),
  ],
  ['returns a thenable that throws', () => ({ then: thrown('route') })],
  [
    'returns an object whose then cannot be read',
    () => ({
      get then() {
        return thrown('route')();
      },
    }),
  ],
  ['returns a proxy that throws', () => new Proxy({}, { ownKeys: thrown('route') })],
];

describe.each(hookFrameworks)('authHookHandler on $name', ({ hook }) => {
  it.each(failures)(
    'responds with 500, and runs no later handler, if resolve %s',
    async (_name, resolve) => {
      const app = await hook({ resolve: resolve as Resolve });
      try {
        const { status, body } = await sendRequest(app.url, {});
        expect({ status, shown: body.includes('marked') }).toEqual({ status: 500, shown: false });
        await expectNoneUnhandled();
      } finally {
        await app.close();
      }
    },
  );

  it('takes what a thenable that is no Promise resolves to', async () => {
    const thenable = { then: (resolve: (value: unknown) => void) => resolve(user) };
    const app = await hook({ resolve: (() => thenable) as unknown as Resolve });
    try {
      expect(await sendRequest(app.url, {})).toMatchObject({
        status: 200,
        body: '{"x-hasura-role":"user"}',
      });
    } finally {
      await app.close();
    }
  });
});
