import Koa from 'koa';
import { hasuraAuth, requireRole } from '@hasura-auth/koa';
const app = new Koa();
app
  .use(hasuraAuth({ adminSecret: 's' }))
  .use(requireRole('admin'))
  .use((ctx) => {
    const role: string | undefined = ctx.state.hasura?.role;
    ctx.body = { role };
  });
// @ts-expect-error a secret is a string
hasuraAuth({ adminSecret: 1 });
