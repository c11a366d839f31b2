import Koa from 'koa';
import { hasuraAuth, requireRole } from '@hasura-auth/koa';
import { listening } from './ask.mjs';

const app = new Koa();
app.use(hasuraAuth({ adminSecret: 's' }));
app.use(requireRole('admin'));
app.use((ctx) => {
  ctx.body = { role: ctx.state.hasura.role };
});
listening(app.callback());
