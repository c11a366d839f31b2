import type { Authenticator } from '@hasura-auth/core';
import { hasuraAuth, requireRole, sessionOf } from '@hasura-auth/fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import { titleMissing, type Articles } from './articles.js';

/** The demo's API on Fastify. */
export async function fastifyApp(
  authenticator: Authenticator,
  articles: Articles,
): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(hasuraAuth, { authenticator });

  app.get('/me', async (request) => sessionOf(request));
  app.get('/articles', async (request) => articles.readableBy(sessionOf(request)));
  app.post('/articles', { preHandler: requireRole('editor', 'admin') }, async (request, reply) => {
    const article = articles.write(sessionOf(request), request.body);
    return reply.code(article ? 201 : 400).send(article ?? titleMissing);
  });
  return app;
}
