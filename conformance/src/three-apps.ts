import { createServer } from 'node:http';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { createAuthenticator, type Authenticator, type AuthOptions } from '@hasura-auth/core';
import { hasuraAuth as expressAuth } from '@hasura-auth/express';
import { hasuraAuth as fastifyAuth } from '@hasura-auth/fastify';
import { hasuraAuth as koaAuth } from '@hasura-auth/koa';
import { listen, protectedEndpoint, roomyHeaders, type RunningApp } from './running-app.js';

/** One app for each framework, behind one authenticator: one key set, one token cache. */
export interface ThreeApps {
  readonly authenticator: Authenticator;
  readonly express: RunningApp;
  readonly koa: RunningApp;
  readonly fastify: RunningApp;
  /** The three, in the order above. */
  readonly all: readonly RunningApp[];
  close(): Promise<void>;
}

function expressApp(authenticator: Authenticator): Promise<RunningApp> {
  const endpoint = protectedEndpoint();
  const app = express().use(expressAuth({ authenticator }));
  app.get('/', (req, res) => void res.json(endpoint.answer(req.hasura)));
  return listen(createServer(roomyHeaders, app), endpoint);
}

function koaApp(authenticator: Authenticator): Promise<RunningApp> {
  const endpoint = protectedEndpoint();
  const app = new Koa().use(koaAuth({ authenticator })).use((ctx) => {
    ctx.body = endpoint.answer(ctx.state.hasura);
  });
  const handle = app.callback();
  const server = createServer(roomyHeaders, (request, response) => void handle(request, response));
  return listen(server, endpoint);
}

async function fastifyApp(authenticator: Authenticator): Promise<RunningApp> {
  const endpoint = protectedEndpoint();
  const app = Fastify({ http: roomyHeaders });
  await app.register(fastifyAuth, { authenticator });
  app.get('/', (request) => endpoint.answer(request.hasura));
  await app.ready();
  return listen(app.server, endpoint);
}

/** Starts the three apps on loopback. */
export async function startThreeApps(options: AuthOptions): Promise<ThreeApps> {
  const authenticator = createAuthenticator(options);
  const [express, koa, fastify] = await Promise.all([
    expressApp(authenticator),
    koaApp(authenticator),
    fastifyApp(authenticator),
  ]);
  const all = [express, koa, fastify];
  return {
    authenticator,
    express,
    koa,
    fastify,
    all,
    async close() {
      await Promise.all(all.map((app) => app.close()));
      await authenticator.close();
    },
  };
}
