import { hasuraAuth } from '@hasura-auth/fastify';
import Fastify from 'fastify';
import { describeWebhook } from '../src/describe-webhook.js';
import { listen, protectedEndpoint, roomyHeaders } from '../src/running-app.js';
import { appTarget } from '../src/webhook-targets.js';

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describeWebhook('Fastify 5', async (options) => {
  const endpoint = protectedEndpoint();
  const app = Fastify({ http: roomyHeaders });
  // lets a body that is no JSON pass, as no body
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    done(null, parsedOrNothing(String(text)));
  });
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  await app.register(hasuraAuth, options);
  app.all('/*', (request) => endpoint.answer(request.hasura));
  await app.ready();
  return appTarget(await listen(app.server, endpoint));
});
