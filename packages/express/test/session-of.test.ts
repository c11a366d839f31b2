import { hasuraAuth, sessionOf } from '@hasura-auth/express';
import request from 'supertest';
import { majors } from './express-majors.js';

describe.each(majors)('%s: sessionOf', (_, express) => {
  it('gives the session of the request', async () => {
    const app = express();
    app.use(hasuraAuth({ adminSecret: 'secret' }));
    app.use((req, res) => {
      expect(sessionOf(req)).toBe(req.hasura);
      expect(Object.isFrozen(sessionOf(req))).toBe(true);
      res.json(sessionOf(req).sessionVariables);
    });
    await request(app)
      .get('/')
      .set({ 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user', 'X-Hasura-User-Id': '7' })
      .expect(200, { 'x-hasura-role': 'user', 'x-hasura-user-id': '7' });
  });

  it('throws where the middleware did not run', async () => {
    const app = express();
    app.use((req, res) => {
      expect(() => sessionOf(req)).toThrow('hasuraAuth did not run before this handler');
      res.end();
    });
    await request(app).get('/').expect(200);
  });
});
