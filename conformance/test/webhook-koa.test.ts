import { createServer } from 'node:http';
import { bodyParser } from '@koa/bodyparser';
import type { AuthOptions } from '@hasura-auth/core';
import { hasuraAuth } from '@hasura-auth/koa';
import Koa3 from 'koa';
import Koa2 from 'koa2';
import { describeWebhook, type WebhookTarget } from '../src/describe-webhook.js';
import { listen, protectedEndpoint, roomyHeaders } from '../src/running-app.js';
import { appTarget } from '../src/webhook-targets.js';

describe.each([
  ['Koa 3', Koa3],
  ['Koa 2', Koa2 as unknown as typeof Koa3], // typed for Koa 3; what is used here is the same
])('%s', (name, Koa) => {
  describeWebhook(name, async (options: AuthOptions): Promise<WebhookTarget> => {
    const endpoint = protectedEndpoint();
    const app = new Koa();
    // lets a body that is no JSON pass, as no body
    app.use(bodyParser({ jsonStrict: false, onError: () => undefined }));
    app.use(hasuraAuth(options)).use((ctx) => {
      ctx.body = endpoint.answer(ctx.state.hasura);
    });
    const handle = app.callback();
    const server = createServer(roomyHeaders, (req, res) => void handle(req, res));
    return appTarget(await listen(server, endpoint));
  });
});
