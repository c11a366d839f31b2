import Fastify from 'fastify';
import { hasuraAuth } from '@hasura-auth/fastify';
import { describeConformance } from '../src/describe-conformance.js';
import { listen, protectedEndpoint, roomyHeaders } from '../src/running-app.js';

describeConformance('Fastify 5', async (options) => {
  const endpoint = protectedEndpoint();
  const app = Fastify({ http: roomyHeaders });
  await app.register(hasuraAuth, options);
  app.get('/', (request) => endpoint.answer(request.hasura));
  await app.ready();
  return listen(app.server, endpoint);
});
