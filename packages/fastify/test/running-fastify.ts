import { listen, protectedEndpoint, type RunningApp } from '@hasura-auth/conformance';
import Fastify, { type FastifyInstance, type RouteShorthandOptions } from 'fastify';

/** An app whose one route, `GET /`, answers with the session; the plugins are registered before it. */
export async function running(
  register: (app: FastifyInstance) => Promise<unknown>,
  route: RouteShorthandOptions = {},
): Promise<RunningApp> {
  const endpoint = protectedEndpoint();
  const app = Fastify();
  await register(app);
  app.get('/', route, (request) => endpoint.answer(request.hasura));
  await app.ready();
  return listen(app.server, endpoint);
}
