import type { Server } from 'node:http';
import type { Authenticator } from '@hasura-auth/core';
import { hasuraAuth, sessionOf } from '@hasura-auth/fastify';
import Fastify from 'fastify';
import { register } from 'prom-client';

/** The same API on Fastify. */
export async function fastifyServer(authenticator: Authenticator): Promise<Server> {
  const app = Fastify();
  await app.register(hasuraAuth, { authenticator });
  app.get('/metrics', { config: { hasuraAuth: false } }, async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()),
  );
  app.get('/me', (request) => sessionOf(request).sessionVariables);
  app.post('/log-out', async (request, reply) => {
    const { claims } = sessionOf(request);
    await authenticator.revoke({ sub: claims?.sub ?? '' });
    return reply.code(204).send();
  });
  await app.ready();
  return app.server;
}
