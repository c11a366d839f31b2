import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Authenticator } from '@hasura-auth/core';
import { hasuraAuth, requireRole, sessionOf } from '@hasura-auth/koa';
import Koa from 'koa';
import { titleMissing, type Articles } from './articles.js';

/** The demo's API on Koa. */
export function koaApp(authenticator: Authenticator, articles: Articles): Koa {
  const router = new Router();
  router.get('/me', (ctx) => {
    ctx.body = sessionOf(ctx);
  });
  router.get('/articles', (ctx) => {
    ctx.body = articles.readableBy(sessionOf(ctx));
  });
  router.post('/articles', requireRole('editor', 'admin'), (ctx) => {
    const article = articles.write(sessionOf(ctx), ctx.request.body);
    ctx.status = article ? 201 : 400;
    ctx.body = article ?? titleMissing;
  });

  const app = new Koa();
  app.use(hasuraAuth({ authenticator }));
  app.use(bodyParser()); // after hasuraAuth, so that the body of a rejected request is not parsed
  app.use(router.routes());
  return app;
}
