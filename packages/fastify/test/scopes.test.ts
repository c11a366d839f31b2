import { hasuraAuth } from '@hasura-auth/fastify';
import Fastify, { type FastifyInstance } from 'fastify';

const asks = (secret: string) => ({ 'x-hasura-admin-secret': secret });
const role = (app: FastifyInstance, path = '/'): void => {
  app.get(path, (request) => ({ role: request.hasura?.role ?? null }));
};
async function statuses(app: FastifyInstance, url: string): Promise<number[]> {
  const answers = [{}, asks('a'), asks('b')].map((headers) => app.inject({ url, headers }));
  return (await Promise.all(answers)).map(({ statusCode }) => statusCode);
}

let app: FastifyInstance;
beforeEach(() => {
  app = Fastify();
});
afterEach(() => app.close());

describe('the plugin', () => {
  it('protects the scope it is registered in, and every scope within', async () => {
    await app.register(hasuraAuth, { adminSecret: 'a' });
    await app.register(async (inner) => role(inner), { prefix: '/inner' });
    role(app);
    for (const url of ['/', '/inner']) expect(await statuses(app, url)).toEqual([401, 200, 401]);
  });

  it('leaves siblings and the parent alone', async () => {
    await app.register(
      async (inner) => {
        await inner.register(hasuraAuth, { adminSecret: 'a' });
        role(inner);
      },
      { prefix: '/inner' },
    );
    await app.register(async (sibling) => role(sibling), { prefix: '/sibling' });
    role(app);
    expect(await statuses(app, '/inner')).toEqual([401, 200, 401]);
    for (const url of ['/', '/sibling']) expect(await statuses(app, url)).toEqual([200, 200, 200]);
    expect(app.hasDecorator('hasuraAuth')).toBe(false);
  });

  it('has its own secret in each of two sibling scopes', async () => {
    for (const secret of ['a', 'b'])
      await app.register(
        async (scope) => {
          await scope.register(hasuraAuth, { adminSecret: secret });
          role(scope);
        },
        { prefix: `/${secret}` },
      );
    expect(await statuses(app, '/a')).toEqual([401, 200, 401]);
    expect(await statuses(app, '/b')).toEqual([401, 401, 200]);
  });

  it('leaves out a route whose config.hasuraAuth is false, and no other', async () => {
    await app.register(hasuraAuth, { adminSecret: 'a' });
    app.get('/health', { config: { hasuraAuth: false } }, ({ hasura }) => ({ hasura }));
    app.get('/on', { config: { hasuraAuth: true } }, () => 'in');
    expect(await statuses(app, '/health')).toEqual([200, 200, 200]);
    expect((await app.inject('/health')).json()).toEqual({ hasura: null });
    expect(await statuses(app, '/on')).toEqual([401, 200, 401]);
  });

  it('registered again within is stricter there: both decide, and the session is that of the scope within', async () => {
    await app.register(hasuraAuth, { adminSecret: 'a', unauthorizedRole: 'anonymous' });
    await app.register(
      async (inner) => {
        await inner.register(hasuraAuth, { adminSecret: 'a' });
        inner.get('/strict', (request) => ({
          role: request.hasura?.role,
          own: inner.hasuraAuth !== app.hasuraAuth,
        }));
      },
      { prefix: '/inner' },
    );
    role(app, '/outer');
    expect(await statuses(app, '/outer')).toEqual([200, 200, 401]);
    expect(await statuses(app, '/inner/strict')).toEqual([401, 200, 401]);
    const { body } = await app.inject({ url: '/inner/strict', headers: asks('a') });
    expect(JSON.parse(body)).toEqual({ role: 'admin', own: true });
  });

  it('registered again within is never weaker there', async () => {
    await app.register(hasuraAuth, { adminSecret: 'a' });
    await app.register(async (inner) => {
      await inner.register(hasuraAuth, { adminSecret: 'a', unauthorizedRole: 'anonymous' });
      role(inner, '/inner');
    });
    expect(await statuses(app, '/inner')).toEqual([401, 200, 401]);
  });

  it('gives the session of the scope within also where the one around it waits for the body', async () => {
    const fetch = () => Promise.resolve(new Response('{"x-hasura-role":"outer"}'));
    const authHook = { url: 'http://127.0.0.1:9/', mode: 'POST' } as const;
    await app.register(hasuraAuth, { adminSecret: 'a', authHook, fetch });
    await app.register(async (inner) => {
      await inner.register(hasuraAuth, { adminSecret: 'a', unauthorizedRole: 'inner' });
      role(inner, '/inner');
    });
    role(app, '/outer');
    expect((await app.inject('/outer')).json()).toEqual({ role: 'outer' });
    expect((await app.inject('/inner')).json()).toEqual({ role: 'inner' });
  });

  it.each([
    ['before the body', {}],
    ['after the body', { authHook: { url: 'http://127.0.0.1:9/', mode: 'POST' } }],
  ] as const)(
    'gives the session of the scope within also where the one around it is registered later and decides %s',
    async (_, outer) => {
      const fetch = () => Promise.resolve(new Response('{"x-hasura-role":"outer"}'));
      await app.register(async (inner) => {
        await inner.register(hasuraAuth, { adminSecret: 'a', unauthorizedRole: 'inner' });
        role(inner, '/inner');
      });
      await app.register(async (plain) => role(plain, '/plain'));
      const anonymous = 'authHook' in outer ? {} : { unauthorizedRole: 'outer' };
      await app.register(hasuraAuth, { adminSecret: 'a', fetch, ...anonymous, ...outer });
      role(app, '/outer');
      const roles = ['/inner', '/plain', '/outer'].map(async (url) =>
        (await app.inject(url)).json(),
      );
      expect(await Promise.all(roles)).toEqual(
        ['inner', 'outer', 'outer'].map((name) => ({ role: name })),
      );
    },
  );

  it('is not registered twice in one scope', async () => {
    await app.register(hasuraAuth, { adminSecret: 'a' });
    await expect(app.register(hasuraAuth, { adminSecret: 'b' })).rejects.toThrow(
      'hasuraAuth: it is registered twice in one scope',
    );
  });

  it('refuses a path without a route as any other', async () => {
    await app.register(hasuraAuth, { adminSecret: 'a' });
    app.setNotFoundHandler((_request, reply) => reply.code(404).send('ours'));
    await app.ready();
    expect(await statuses(app, '/nowhere')).toEqual([401, 404, 401]);
  });

  it('stands before the 404 of Fastify’s own too', async () => {
    await app.register(hasuraAuth, { adminSecret: 'a' });
    expect(await statuses(app, '/nowhere')).toEqual([401, 404, 401]);
  });

  it('gives each request its own session, and none from the request before', async () => {
    await app.register(hasuraAuth, { adminSecret: 'a' });
    app.get('/open', { config: { hasuraAuth: false } }, ({ hasura }) => ({ hasura }));
    role(app);
    for (const name of ['user', 'editor']) {
      const headers = { ...asks('a'), 'x-hasura-role': name };
      expect((await app.inject({ url: '/', headers })).json()).toEqual({ role: name });
      expect((await app.inject({ url: '/open', headers })).json()).toEqual({ hasura: null });
    }
  });
});
