import { describeFailures, listen, protectedEndpoint } from '@hasura-auth/conformance';
import { hasuraAuth } from '@hasura-auth/fastify';
import Fastify from 'fastify';

describeFailures('Fastify 5', async (options) => {
  const endpoint = protectedEndpoint();
  const errors: unknown[] = [];
  const [firstCookie, broken] = [['first=1'], new Error('broken')]; // constants, as apps have them
  const app = Fastify();
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('Set-Cookie', firstCookie);
  });
  await app.register(hasuraAuth, options);
  app.addHook('onError', async (_request, _reply, error) => void errors.push(error)); // Fastify itself answers
  app.get('/', (request) => endpoint.answer(request.hasura));
  app.get('/broken', () => {
    throw broken;
  });
  await app.ready();
  return { ...(await listen(app.server, endpoint)), errors };
});
