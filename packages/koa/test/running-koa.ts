import { createServer } from 'node:http';
import { listen, protectedEndpoint, type FailingApp } from '@hasura-auth/conformance';
import type { Middleware } from 'koa';
import type { majors } from './koa-majors.js';

/** An app that answers with the session; these middlewares stand before. It keeps its errors. */
export async function running(
  Koa: (typeof majors)[number][1],
  ...before: readonly Middleware[]
): Promise<FailingApp> {
  const endpoint = protectedEndpoint();
  const errors: unknown[] = [];
  const app = new Koa();
  app.on('error', (error: unknown) => errors.push(error));
  for (const middleware of before) app.use(middleware);
  app.use((ctx) => {
    ctx.body = endpoint.answer(ctx.state.hasura);
  });
  const handle = app.callback();
  const server = createServer((req, res) => void handle(req, res));
  return { ...(await listen(server, endpoint)), errors };
}
