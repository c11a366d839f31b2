import { fastify } from 'fastify';
import { hasuraAuth, requireRole } from '@hasura-auth/fastify';
const app = fastify();
app.register(hasuraAuth, { adminSecret: 's' });
app.get('/', { preHandler: requireRole('admin') }, async (request) => {
  const role: string | undefined = request.hasura?.role;
  // @ts-expect-error the session may be absent
  const sure: string = request.hasura.role;
  return { role, sure };
});
// @ts-expect-error a secret is a string
app.register(hasuraAuth, { adminSecret: 1 });
