import { listen, protectedEndpoint, type FailingApp } from '@hasura-auth/conformance';
import Fastify, { type FastifyInstance, type RouteShorthandOptions } from 'fastify';

/** An app whose one route, `GET /`, answers with the session; the plugins are registered before it. It keeps its errors. */
export async function running(
  register: (app: FastifyInstance) => Promise<unknown>,
  route: RouteShorthandOptions = {},
): Promise<FailingApp> {
  const endpoint = protectedEndpoint();
  const errors: unknown[] = [];
  const app = Fastify();
  app.addHook('onError', async (_request, _reply, error) => void errors.push(error));
  await register(app);
  app.get('/', route, (request) => endpoint.answer(request.hasura));
  await app.ready();
  return { ...(await listen(app.server, endpoint)), errors };
}
