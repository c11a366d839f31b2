import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { listen, protectedEndpoint } from '@hasura-auth/conformance';
import { hasuraAuth, requireRole } from '@hasura-auth/koa';
import { bodyParser } from '@koa/bodyparser';
import request from 'supertest';
import { majors } from './koa-majors.js';

const right = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user' };
const withBody = (ctx: { body: unknown; request: { body?: unknown } }): void => {
  ctx.body = ctx.request.body;
};

describe.each(majors)('%s: a refused request', (_, Koa) => {
  it('reaches no later middleware, on any path', async () => {
    const later = jest.fn();
    const app = new Koa().use(hasuraAuth({ adminSecret: 'secret' })).use(later);
    for (const path of ['/', '/nowhere']) await request(app.callback()).get(path).expect(401);
    await request(app.callback()).post('/').expect(401);
    expect(later).not.toHaveBeenCalled();
  });

  it('passes back through the middleware before us, and keeps the headers set there', async () => {
    const after = jest.fn();
    const app = new Koa()
      .use(async (ctx, next) => {
        ctx.set('X-Request-Id', '5');
        await next();
        after(ctx.status);
      })
      .use(hasuraAuth({ adminSecret: 'secret' }));
    await request(app.callback())
      .get('/')
      .expect(401)
      .expect('X-Request-Id', '5')
      .expect('WWW-Authenticate', 'HasuraAdminSecret')
      .expect('Content-Type', 'application/json; charset=utf-8');
    expect(after).toHaveBeenCalledWith(401);
  });

  it.each<[string, (headers: Record<string, string>) => object]>([
    ['names in upper case', (headers) => headers],
    ['the web’s Headers', (headers) => new Headers(headers)],
  ])('is refused where a middleware has replaced its headers by %s', async (_name, replaced) => {
    const later = jest.fn();
    const app = new Koa()
      .use((ctx, next) => {
        const headers = replaced({ 'X-Hasura-Admin-Secret': 'wrong' });
        Object.defineProperty(ctx.req, 'headers', { value: headers, configurable: true });
        return next();
      })
      .use(hasuraAuth({ adminSecret: 'secret', unauthorizedRole: 'anonymous' }))
      .use(later);
    const { body } = await request(app.callback()).get('/').expect(401);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'access-denied' } }] });
    expect(later).not.toHaveBeenCalled();
  });

  it('is refused by the role guard before the next middleware', async () => {
    const later = jest.fn();
    const app = new Koa()
      .use(hasuraAuth({ adminSecret: 'secret' }))
      .use(requireRole('editor'))
      .use(later);
    await request(app.callback()).get('/').set(right).expect(403);
    expect(later).not.toHaveBeenCalled();
  });

  it('never has its body parsed', async () => {
    const parsed = jest.fn();
    const app = new Koa()
      .use(hasuraAuth({ adminSecret: 'secret' }))
      .use((ctx, next) => {
        parsed();
        return bodyParser()(ctx, next);
      })
      .use(withBody);
    await request(app.callback()).post('/').send({ a: 1 }).expect(401);
    expect(parsed).not.toHaveBeenCalled();
    await request(app.callback()).post('/').set(right).send({ a: 1 }).expect(200, { a: 1 });
    expect(parsed).toHaveBeenCalledTimes(1);
  });

  it('is answered while its body is still on the way', async () => {
    const app = new Koa().use(hasuraAuth({ adminSecret: 'secret' })).use(bodyParser());
    const handle = app.callback();
    const server = createServer((req, res) => void handle(req, res));
    const running = await listen(server, protectedEndpoint());
    const headers = { 'content-type': 'application/json', 'content-length': '100' };
    const unending = httpRequest(running.url, { method: 'POST', headers });
    unending.write('{');
    const [response] = (await once(unending, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(401);
    unending.destroy();
    await running.close();
  });
});

describe.each(majors)('%s: an app beyond the middleware', (_, Koa) => {
  it('responds with 404 itself to a session that no handler answers', async () => {
    const app = new Koa().use(hasuraAuth({ adminSecret: 'secret' }));
    await request(app.callback()).get('/nowhere').set(right).expect(404);
  });

  it('has no session where the middleware did not run', async () => {
    const app = new Koa().use((ctx) => {
      ctx.body = { session: 'hasura' in ctx.state };
    });
    await request(app.callback()).get('/').set(right).expect(200, { session: false });
  });
});
