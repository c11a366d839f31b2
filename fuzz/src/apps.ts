import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuthOptions, Session } from '@hasura-auth/core';
import { hasuraAuth as expressAuth } from '@hasura-auth/express';
import { hasuraAuth as fastifyAuth } from '@hasura-auth/fastify';
import { hasuraAuth as koaAuth } from '@hasura-auth/koa';
import { bodyParser } from '@koa/bodyparser';
import express from 'express';
import express4 from 'express4';
import Fastify from 'fastify';
import Koa from 'koa';
import Koa2 from 'koa2';

/** An app under test, with what reached its handler. */
export interface AppUnderTest {
  readonly name: string;
  readonly port: number;
  /** The sessions of the requests that reached the handler; undefined is a handler without a session. */
  readonly reached: (Session | null | undefined)[];
  close(): Promise<void>;
}

export const frameworks = ['express5', 'express4', 'koa3', 'koa2', 'fastify5'] as const;
export type Framework = (typeof frameworks)[number];

type Handle = (session: Session | null | undefined) => string;

function expressListener(
  make: typeof express,
  options: AuthOptions,
  handle: Handle,
): RequestListener {
  const app = make();
  if (options.authHook !== undefined) app.use(make.json({ strict: false }));
  app.use(expressAuth(options));
  app.use((req, res) => {
    res.end(handle(req.hasura));
  });
  app.use(quiet);
  return app;
}

/** Express prints what fails unless an error handler answers it. */
const quiet: express.ErrorRequestHandler = (
  error: { readonly status?: unknown },
  _req,
  res,
  next,
) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  res.statusCode = typeof error.status === 'number' ? error.status : 500;
  res.end('failed');
};

function koaListener(make: typeof Koa, options: AuthOptions, handle: Handle): RequestListener {
  const app = new make();
  app.silent = true;
  if (options.authHook !== undefined) app.use(bodyParser());
  app.use(koaAuth(options));
  app.use((ctx) => {
    ctx.body = handle(ctx.state.hasura);
  });
  const listener = app.callback();
  return (request, response) => void listener(request, response);
}

async function fastifyServer(options: AuthOptions, handle: Handle): Promise<Server> {
  const app = Fastify();
  await app.register(fastifyAuth, options);
  app.all('*', (request) => handle(request.hasura));
  app.setNotFoundHandler((request) => handle(request.hasura));
  await app.ready();
  return app.server;
}

async function serverOf(
  framework: Framework,
  options: AuthOptions,
  handle: Handle,
): Promise<Server> {
  switch (framework) {
    case 'express5':
      return createServer(expressListener(express, options, handle));
    case 'express4':
      // The same functions by the types of the older major.
      return createServer(expressListener(express4 as unknown as typeof express, options, handle));
    case 'koa3':
      return createServer(koaListener(Koa, options, handle));
    case 'koa2':
      // The same class by the types of the older major.
      return createServer(koaListener(Koa2 as unknown as typeof Koa, options, handle));
    case 'fastify5':
      return fastifyServer(options, handle);
  }
}

/** Starts an app on loopback whose every route is protected. */
export async function startApp(
  framework: Framework,
  mode: string,
  options: AuthOptions,
): Promise<AppUnderTest> {
  const reached: AppUnderTest['reached'] = [];
  const server = await serverOf(framework, options, (session) => {
    reached.push(session);
    return session?.role ?? 'no session';
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    name: `${framework}, ${mode}`,
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    reached,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
