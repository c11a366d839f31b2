// Runs in its own process: an app that calls an auth hook on each request, through hasura-auth or by itself.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { argv } from 'node:process';
import { hasuraAuth as expressAuth } from '@hasura-auth/express';
import { hasuraAuth as fastifyAuth } from '@hasura-auth/fastify';
import { hasuraAuth as koaAuth } from '@hasura-auth/koa';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';

/** The resources that this process has used. */
export interface AppFigures {
  /** Since the process started. */
  readonly cpuMicroseconds: number;
  /** In bytes; after a garbage collection if the question was `memory`. */
  readonly heapUsed: number;
  readonly rss: number;
}

const [, , framework = '', contender = '', url = ''] = argv;
const options = { adminSecret: false, authHook: { url, timeoutMs: 10_000 } } as const;

/** A handler without hasura-auth that does the same: the same headers, a timeout, a check of the response. */
async function callHook({
  authorization = '',
  cookie = '',
}: IncomingHttpHeaders): Promise<unknown> {
  const response = await fetch(url, {
    headers: { authorization, cookie },
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status !== 200) throw new Error(String(response.status));
  const session = (await response.json()) as Record<string, string>; // webhook-hook.ts responds with this
  if (session['x-hasura-role'] === undefined) throw new Error('no role');
  return session;
}

const withHasuraAuth = contender === 'hasura-auth';
const apps: Readonly<Record<string, () => Server | Promise<Server>>> = {
  express() {
    const app = express();
    if (withHasuraAuth)
      app
        .use(expressAuth(options))
        .get('/', (req, res) => void res.json(req.hasura?.sessionVariables));
    else app.get('/', async (req, res) => void res.json(await callHook(req.headers)));
    return createServer(app);
  },
  koa() {
    const app = new Koa();
    if (withHasuraAuth)
      app.use(koaAuth(options)).use((ctx) => {
        ctx.body = ctx.state.hasura?.sessionVariables;
      });
    else
      app.use(async (ctx) => {
        ctx.body = await callHook(ctx.headers);
      });
    const handle = app.callback();
    return createServer((req, res) => void handle(req, res));
  },
  async fastify() {
    const app = Fastify();
    if (withHasuraAuth)
      app
        .register(fastifyAuth, options)
        .get('/', async (request) => request.hasura?.sessionVariables);
    else app.get('/', (request) => callHook(request.headers));
    await app.ready();
    return app.server;
  },
};

const server = await apps[framework]?.();
if (server === undefined) throw new Error(`${framework} is unknown`);
server.keepAliveTimeout = 0; // connections stay open while the other contender is measured
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  process.send?.(`http://127.0.0.1:${String(port)}/`);
});

process.on('message', (question) => {
  if (question === 'memory') for (let round = 0; round < 4; round++) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ cpuMicroseconds: user + system, heapUsed, rss } satisfies AppFigures);
});
