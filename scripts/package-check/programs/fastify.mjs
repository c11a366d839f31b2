import assert from 'node:assert/strict';
import { fastify } from 'fastify';
import byDefault from '@hasura-auth/fastify';
import { hasuraAuth, requireRole } from '@hasura-auth/fastify';
import { ask } from './ask.mjs';

async function main() {
  assert.equal(byDefault.default ?? byDefault, hasuraAuth);
  const app = fastify();
  await app.register(hasuraAuth, { adminSecret: 's' });
  app.get('/', { preHandler: requireRole('admin') }, async (request) => ({
    role: request.hasura.role,
  }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  await ask(app.server.address().port);
  await app.close();
  console.log('done');
}
main();
