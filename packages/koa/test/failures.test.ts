import { createServer } from 'node:http';
import { describeFailures, listen, protectedEndpoint } from '@hasura-auth/conformance';
import { hasuraAuth } from '@hasura-auth/koa';
import { majors } from './koa-majors.js';

for (const [name, Koa] of majors)
  describeFailures(name, async (options) => {
    const endpoint = protectedEndpoint();
    const errors: unknown[] = [];
    const [firstCookie, broken] = [['first=1'], new Error('broken')]; // constants, as apps have them
    const app = new Koa();
    app.on('error', (error: unknown) => errors.push(error));
    app.use((ctx, next) => {
      ctx.set('Set-Cookie', firstCookie);
      return next();
    });
    app.use(hasuraAuth(options));
    app.use((ctx) => {
      if (ctx.path === '/broken') throw broken;
      ctx.body = endpoint.answer(ctx.state.hasura);
    });
    const handle = app.callback();
    const server = createServer((req, res) => void handle(req, res));
    return { ...(await listen(server, endpoint)), errors };
  });
