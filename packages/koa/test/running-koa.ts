import { createServer } from 'node:http';
import { listen, protectedEndpoint, type RunningApp } from '@hasura-auth/conformance';
import type { Middleware } from 'koa';
import type { majors } from './koa-majors.js';

/** An app that answers with the session; these middlewares stand before. */
export function running(
  Koa: (typeof majors)[number][1],
  ...before: readonly Middleware[]
): Promise<RunningApp> {
  const endpoint = protectedEndpoint();
  const app = new Koa();
  for (const middleware of before) app.use(middleware);
  app.use((ctx) => {
    ctx.body = endpoint.answer(ctx.state.hasura);
  });
  const handle = app.callback();
  const server = createServer((req, res) => void handle(req, res));
  return listen(server, endpoint);
}
