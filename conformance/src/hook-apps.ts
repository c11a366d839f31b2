import { createServer } from 'node:http';
import { bodyParser } from '@koa/bodyparser';
import type { AuthHookHandlerOptions, AuthOptions } from '@hasura-auth/core';
import { authHookHandler as expressHook, hasuraAuth as expressAuth } from '@hasura-auth/express';
import { authHookHandler as fastifyHook, hasuraAuth as fastifyAuth } from '@hasura-auth/fastify';
import { authHookHandler as koaHook, hasuraAuth as koaAuth } from '@hasura-auth/koa';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { listen, protectedEndpoint, type RunningApp } from './running-app.js';

/** The two ends of an auth hook on one framework. */
export interface HookFramework {
  readonly name: string;
  /** An app that answers every request as an auth hook; without a body parser where `parser` is false. */
  hook(options: AuthHookHandlerOptions, parser?: boolean): Promise<RunningApp>;
  /** An app behind `hasuraAuth`. */
  api(options: AuthOptions): Promise<RunningApp>;
}

const onExpress: HookFramework = {
  name: 'Express',
  hook(options, parser = true) {
    const app = express();
    if (parser) app.use(express.json());
    app.use(expressHook(options));
    return listen(createServer(app), protectedEndpoint());
  },
  api(options) {
    const endpoint = protectedEndpoint();
    const app = express().use(express.json()).use(expressAuth(options));
    app.use((req, res) => void res.json(endpoint.answer(req.hasura)));
    return listen(createServer(app), endpoint);
  },
};

const listenKoa = (
  app: Pick<Koa, 'callback'>,
  endpoint = protectedEndpoint(),
): Promise<RunningApp> => {
  const handle = app.callback();
  return listen(
    createServer((req, res) => void handle(req, res)),
    endpoint,
  );
};

const onKoa: HookFramework = {
  name: 'Koa',
  hook(options, parser = true) {
    const app = new Koa();
    app.silent = true; // what goes wrong on purpose is not printed
    if (parser) app.use(bodyParser());
    return listenKoa(app.use(koaHook(options)));
  },
  api(options) {
    const endpoint = protectedEndpoint();
    const app = new Koa().use(bodyParser()).use(koaAuth(options));
    app.use((ctx) => {
      ctx.body = endpoint.answer(ctx.state.hasura);
    });
    return listenKoa(app, endpoint);
  },
};

const onFastify: HookFramework = {
  name: 'Fastify',
  async hook(options, parser = true) {
    const app = Fastify();
    if (!parser) {
      app.removeAllContentTypeParsers();
      app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    }
    app.all('/*', fastifyHook(options));
    await app.ready();
    return listen(app.server, protectedEndpoint());
  },
  async api(options) {
    const endpoint = protectedEndpoint();
    const app = Fastify();
    await app.register(fastifyAuth, options);
    app.all('/*', (request) => endpoint.answer(request.hasura));
    await app.ready();
    return listen(app.server, endpoint);
  },
};

/** The maker of each framework's handler. */
export const hookHandlers = { Express: expressHook, Koa: koaHook, Fastify: fastifyHook } as const;

export const hookFrameworks: readonly HookFramework[] = [onExpress, onKoa, onFastify];
