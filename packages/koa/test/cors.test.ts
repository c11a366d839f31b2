import { hasuraAuth } from '@hasura-auth/koa';
import cors from '@koa/cors';
import request from 'supertest';
import { majors } from './koa-majors.js';

const origin = 'https://app.example';

describe.each(majors)('%s with @koa/cors before us', (_, Koa) => {
  const app = new Koa()
    .use(cors({ origin, exposeHeaders: ['WWW-Authenticate'] }))
    .use(hasuraAuth({ adminSecret: 'secret' }))
    .callback();

  it('a browser can read a refusal', async () => {
    await request(app)
      .get('/')
      .set('Origin', origin)
      .expect(401)
      .expect('Access-Control-Allow-Origin', origin)
      .expect('Access-Control-Expose-Headers', 'WWW-Authenticate');
  });

  it('a preflight, which has no credentials, is not refused', async () => {
    await request(app)
      .options('/')
      .set('Origin', origin)
      .set('Access-Control-Request-Method', 'GET')
      .set('Access-Control-Request-Headers', 'authorization')
      .expect(204)
      .expect('Access-Control-Allow-Origin', origin)
      .expect('Access-Control-Allow-Headers', 'authorization');
  });
});
