import { createServer } from 'node:http';
import Koa from 'koa2';
import { hasuraAuth } from '@hasura-auth/koa';
import { describeConformance } from '../src/describe-conformance.js';
import { listen, protectedEndpoint, roomyHeaders } from '../src/running-app.js';

describeConformance('Koa 2', (options) => {
  const endpoint = protectedEndpoint();
  const app = new Koa();
  app.use(hasuraAuth(options)).use((ctx) => {
    ctx.body = endpoint.answer(ctx.state.hasura);
  });
  const handle = app.callback();
  return listen(
    createServer(roomyHeaders, (req, res) => void handle(req, res)),
    endpoint,
  );
});
