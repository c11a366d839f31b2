import { createServer } from 'node:http';
import { describeRevocation, listen, protectedEndpoint } from '@hasura-auth/conformance';
import { backChannelLogoutHandler, hasuraAuth } from '@hasura-auth/koa';
import { majors } from './koa-majors.js';

for (const [name, Koa] of majors)
  describeRevocation(name, (options, parsesForms) => {
    const endpoint = protectedEndpoint();
    const app = new Koa();
    const receive = backChannelLogoutHandler(options);
    app.use(async (ctx, next) => {
      if (ctx.path !== '/logout') return next();
      if (parsesForms) {
        let form = '';
        for await (const chunk of ctx.req) form += String(chunk);
        Object.assign(ctx.request, { body: Object.fromEntries(new URLSearchParams(form)) });
      }
      return receive(ctx, next) as Promise<void>;
    });
    app.use(hasuraAuth({ authenticator: options.authenticator }));
    app.use((ctx) => {
      ctx.body = endpoint.answer(ctx.state.hasura);
    });
    const handle = app.callback();
    return listen(
      createServer((req, res) => void handle(req, res)),
      endpoint,
    );
  });
