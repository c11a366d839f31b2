import { describeRoleGuard } from '@hasura-auth/conformance';
import { hasuraAuth, requireRole } from '@hasura-auth/fastify';
import Fastify from 'fastify';
import { running } from './running-fastify.js';

describeRoleGuard(
  'Fastify 5',
  (options, roles) =>
    running(
      async (app) => {
        if (options) await app.register(hasuraAuth, options);
      },
      { preHandler: requireRole(...roles) },
    ),
  requireRole,
);

it('requireRole refuses on a route that was left out, in the style of its scope', async () => {
  const reached = jest.fn();
  const app = Fastify();
  await app.register(hasuraAuth, { adminSecret: 'secret', errorResponse: 'problem' });
  app.get('/', { config: { hasuraAuth: false }, preHandler: requireRole('editor') }, reached);
  const headers = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'editor' };
  const response = await app.inject({ url: '/', headers });
  expect(response.json()).toMatchObject({ status: 403, code: 'access-denied' });
  expect(reached).not.toHaveBeenCalled();
  await app.close();
});
