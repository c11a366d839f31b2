import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { listen, protectedEndpoint } from '@hasura-auth/conformance';
import { hasuraAuth, requireRole } from '@hasura-auth/express';
import request from 'supertest';
import { majors } from './express-majors.js';

const right = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user' };

describe.each(majors)('%s: a refused request', (_, express) => {
  it('reaches no later handler, on any route', async () => {
    const later = jest.fn();
    const app = express();
    app.use(hasuraAuth({ adminSecret: 'secret' }));
    app.use(later);
    for (const path of ['/', '/nowhere']) await request(app).get(path).expect(401);
    await request(app).post('/').expect(401);
    expect(later).not.toHaveBeenCalled();
  });

  it('keeps the headers that were set before', async () => {
    const app = express();
    app.use((_req, res, next) => {
      res.setHeader('X-Request-Id', '5');
      next();
    });
    app.use(hasuraAuth({ adminSecret: 'secret' }));
    await request(app)
      .get('/')
      .expect(401)
      .expect('X-Request-Id', '5')
      .expect('WWW-Authenticate', 'HasuraAdminSecret')
      .expect('Content-Type', 'application/json; charset=utf-8');
  });

  it.each<[string, (headers: Record<string, string>) => object]>([
    ['names in upper case', (headers) => headers],
    ['the web’s Headers', (headers) => new Headers(headers)],
  ])('is refused where a middleware has replaced its headers by %s', async (_name, replaced) => {
    const later = jest.fn();
    const app = express();
    app.use((req, _res, next) => {
      const headers = replaced({ 'X-Hasura-Admin-Secret': 'wrong' });
      Object.defineProperty(req, 'headers', { value: headers, configurable: true });
      next();
    });
    app.use(hasuraAuth({ adminSecret: 'secret', unauthorizedRole: 'anonymous' }), later);
    const { body } = await request(app).get('/').expect(401);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'access-denied' } }] });
    expect(later).not.toHaveBeenCalled();
  });

  it('is refused by the role guard before the handler', async () => {
    const later = jest.fn();
    const app = express();
    app.get('/', hasuraAuth({ adminSecret: 'secret' }), requireRole('editor'), later);
    await request(app).get('/').set(right).expect(403);
    expect(later).not.toHaveBeenCalled();
  });

  it('never has its body parsed', async () => {
    const parsed = jest.fn();
    const app = express();
    app.use(hasuraAuth({ adminSecret: 'secret' }), express.json({ verify: parsed }));
    app.post('/', (req, res) => void res.json(req.body));
    await request(app).post('/').send({ a: 1 }).expect(401);
    expect(parsed).not.toHaveBeenCalled();
    await request(app).post('/').set(right).send({ a: 1 }).expect(200, { a: 1 });
    expect(parsed).toHaveBeenCalledTimes(1);
  });

  it('is answered while its body is still on the way', async () => {
    const app = express();
    app.use(hasuraAuth({ adminSecret: 'secret' }), express.json());
    const running = await listen(createServer(app), protectedEndpoint());
    const headers = { 'content-type': 'application/json', 'content-length': '100' };
    const unending = httpRequest(running.url, { method: 'POST', headers });
    unending.write('{');
    const [response] = (await once(unending, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(401);
    unending.destroy();
    await running.close();
  });

  it('is refused without its body where only the head of the answer is asked for', async () => {
    const app = express();
    app.use(hasuraAuth({ adminSecret: 'secret' }));
    const { status, text } = await request(app).head('/');
    expect([status, text]).toEqual([401, undefined]);
  });
});

describe.each(majors)('%s: an app beyond the middleware', (_, express) => {
  it('answers 404 itself to a session without a route', async () => {
    const app = express();
    app.use(hasuraAuth({ adminSecret: 'secret' }));
    await request(app).get('/nowhere').set(right).expect(404);
  });

  it('is untouched where the middleware is mounted elsewhere', async () => {
    const app = express();
    app.use('/private', hasuraAuth({ adminSecret: 'secret' }));
    app.use((req, res) => void res.json({ session: 'hasura' in req }));
    await request(app).get('/public').expect(200, { session: false });
    await request(app).get('/private').expect(401);
    await request(app).get('/private').set(right).expect(200, { session: true });
  });
});
