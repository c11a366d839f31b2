import { hasuraAuth } from '@hasura-auth/express';
import cors from 'cors';
import request from 'supertest';
import { majors } from './express-majors.js';

const origin = 'https://app.example';

describe.each(majors)('%s with cors before us', (_, express) => {
  const app = express();
  app.use(cors({ origin, exposedHeaders: ['WWW-Authenticate'] }));
  app.use(hasuraAuth({ adminSecret: 'secret' }));
  app.get('/', (_req, res) => void res.send('in'));

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
