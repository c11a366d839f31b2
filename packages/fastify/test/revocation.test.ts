import { describeRevocation, listen, protectedEndpoint } from '@hasura-auth/conformance';
import { backChannelLogoutHandler, hasuraAuth } from '@hasura-auth/fastify';
import Fastify from 'fastify';

// Fastify itself answers 415 to a body that no parser is for: with a text, or with an object as @fastify/formbody makes it.
describeRevocation('Fastify 5', async (options, parsesForms) => {
  const endpoint = protectedEndpoint();
  const app = Fastify();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, form: string, done) =>
      done(null, parsesForms ? Object.fromEntries(new URLSearchParams(form)) : form),
  );
  await app.register(hasuraAuth, { authenticator: options.authenticator });
  app.post('/logout', { config: { hasuraAuth: false } }, backChannelLogoutHandler(options));
  app.get('/', (request) => endpoint.answer(request.hasura));
  await app.ready();
  return listen(app.server, endpoint);
});
