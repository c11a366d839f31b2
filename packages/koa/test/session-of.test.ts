import { hasuraAuth, sessionOf } from '@hasura-auth/koa';
import request from 'supertest';
import { majors } from './koa-majors.js';

describe.each(majors)('%s: sessionOf', (_, Koa) => {
  it('gives the session of the context', async () => {
    const app = new Koa().use(hasuraAuth({ adminSecret: 'secret' })).use((ctx) => {
      const session = sessionOf(ctx);
      expect(session).toBe(ctx.state.hasura);
      expect(Object.isFrozen(session)).toBe(true);
      ctx.body = session.sessionVariables;
    });
    await request(app.callback())
      .get('/')
      .set({ 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user', 'X-Hasura-User-Id': '7' })
      .expect(200, { 'x-hasura-role': 'user', 'x-hasura-user-id': '7' });
  });

  it('throws where the middleware did not run', async () => {
    const app = new Koa().use((ctx) => {
      expect(() => sessionOf(ctx)).toThrow('hasuraAuth did not run before this handler');
      ctx.status = 204;
    });
    await request(app.callback()).get('/').expect(204);
  });
});
