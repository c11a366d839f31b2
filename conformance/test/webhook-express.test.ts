import { createServer } from 'node:http';
import type { AuthOptions } from '@hasura-auth/core';
import { hasuraAuth } from '@hasura-auth/express';
import express5, { type ErrorRequestHandler } from 'express';
import express4 from 'express4';
import { describeWebhook, type WebhookTarget } from '../src/describe-webhook.js';
import { listen, protectedEndpoint, roomyHeaders } from '../src/running-app.js';
import { appTarget } from '../src/webhook-targets.js';

/** Lets a body that is no JSON pass, as no body. */
const lenient: ErrorRequestHandler = (_error, _req, _res, next) => next();

describe.each([
  ['Express 5', express5],
  ['Express 4', express4 as unknown as typeof express5], // typed for Express 5; what is used here is the same
])('%s', (name, express) => {
  describeWebhook(name, async (options: AuthOptions): Promise<WebhookTarget> => {
    const endpoint = protectedEndpoint();
    const app = express();
    app.use(express.json({ strict: false }), lenient);
    app.use(hasuraAuth(options));
    app.use((req, res) => void res.json(endpoint.answer(req.hasura)));
    return appTarget(await listen(createServer(roomyHeaders, app), endpoint));
  });
});
