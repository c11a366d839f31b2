import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { hasuraAuth } from '@hasura-auth/fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import request from 'supertest';

const right = { 'x-hasura-admin-secret': 'secret' };
let app: FastifyInstance;
beforeEach(() => {
  app = Fastify();
});
afterEach(() => app.close());

describe('a refused request', () => {
  it('reaches no later hook and no handler', async () => {
    const later = jest.fn();
    await app.register(hasuraAuth, { adminSecret: 'secret' });
    app.addHook('onRequest', async () => later());
    app.addHook('preHandler', async () => later());
    app.get('/', later);
    await app.ready();
    await request(app.server)
      .get('/')
      .expect(401)
      .expect('WWW-Authenticate', 'HasuraAdminSecret')
      .expect('Content-Type', 'application/json; charset=utf-8');
    expect(later).not.toHaveBeenCalled();
  });

  it.each<[string, (headers: Record<string, string>) => object]>([
    ['names in upper case', (headers) => headers],
    ['the web’s Headers', (headers) => new Headers(headers)],
  ])('is refused where a hook has replaced its headers by %s', async (_name, replaced) => {
    const later = jest.fn();
    app.addHook('onRequest', async (given) => {
      const headers = replaced({ 'X-Hasura-Admin-Secret': 'wrong' });
      Object.defineProperty(given, 'headers', { value: headers, configurable: true });
    });
    await app.register(hasuraAuth, { adminSecret: 'secret', unauthorizedRole: 'anonymous' });
    app.get('/', later);
    await app.ready();
    const { body } = await request(app.server).get('/').expect(401);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'access-denied' } }] });
    expect(later).not.toHaveBeenCalled();
  });

  it('never has its body parsed', async () => {
    const parsed = jest.fn();
    await app.register(hasuraAuth, { adminSecret: 'secret' });
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
      parsed();
      done(null, JSON.parse(body.toString()));
    });
    app.post('/', ({ body }) => body);
    await app.ready();
    await request(app.server).post('/').send({ a: 1 }).expect(401);
    expect(parsed).not.toHaveBeenCalled();
    await request(app.server).post('/').set(right).send({ a: 1 }).expect(200, { a: 1 });
    expect(parsed).toHaveBeenCalledTimes(1);
  });

  it('is answered while its body is still on the way', async () => {
    await app.register(hasuraAuth, { adminSecret: 'secret' });
    app.post('/', () => 'in');
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const headers = { 'content-type': 'application/json', 'content-length': '100' };
    const unending = httpRequest(url, { method: 'POST', headers });
    unending.write('{');
    const [response] = (await once(unending, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(401);
    unending.destroy();
  });
});
