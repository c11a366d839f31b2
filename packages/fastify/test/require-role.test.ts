import { describeAppFunctions, describeGuards, type StartGuarded } from '@hasura-auth/conformance';
import { hasuraAuth, requireRole, requireSession } from '@hasura-auth/fastify';
import Fastify from 'fastify';
import { running } from './running-fastify.js';

const start: StartGuarded<ReturnType<typeof requireRole>> = (options, preHandler) =>
  running(
    async (app) => {
      if (options) await app.register(hasuraAuth, options);
    },
    { preHandler },
  );

describeGuards('Fastify 5', start, { requireRole, requireSession });
describeAppFunctions('Fastify 5', start, requireRole, (given) => 'routeOptions' in given);

it('a guard of a route that was left out is an error of the app', async () => {
  const reached = jest.fn();
  const app = Fastify();
  await app.register(hasuraAuth, { adminSecret: 'secret', errorResponse: 'problem' });
  app.get('/', { config: { hasuraAuth: false }, preHandler: requireRole('editor') }, reached);
  const headers = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'editor' };
  const response = await app.inject({ url: '/', headers });
  expect([response.statusCode, response.json<{ message: string }>().message]).toEqual([
    500,
    'requireRole: there is no session, because hasuraAuth did not run before it',
  ]);
  expect(reached).not.toHaveBeenCalled();
  await app.close();
});
