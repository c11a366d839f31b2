import { proves, unrun, type Equal } from '@hasura-auth/testkit';

import type { Authenticator, HasuraAuthOptions, Session } from '@hasura-auth/core';
import {
  authHookHandler,
  hasuraAuth,
  requireRole,
  sessionOf,
  type HasuraAuthPluginOptions,
} from '@hasura-auth/fastify';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';

const adminSecret = 'secret';
const checked = (options: HasuraAuthPluginOptions): unknown => options;

test('a request has a session, or null', () => {
  proves<Equal<FastifyRequest['hasura'], Session | null>>(true);
  proves<Equal<FastifyInstance['hasuraAuth'], Authenticator>>(true);
  proves<Equal<ReturnType<typeof sessionOf>, Session>>(true);
  unrun(() => (request: FastifyRequest) => {
    // @ts-expect-error it may be null
    return request.hasura.role;
  });
});

test('a route is left out by a boolean', () => {
  unrun(() => (app: FastifyInstance) => {
    app.get('/', { config: { hasuraAuth: false } }, () => '');
    // @ts-expect-error true or false
    app.get('/', { config: { hasuraAuth: 'no' } }, () => '');
  });
});

test('the options are those of core, and one more', () => {
  proves<HasuraAuthOptions extends HasuraAuthPluginOptions ? true : false>(true);
  proves<Equal<HasuraAuthPluginOptions['awaitKeys'], boolean | undefined>>(true);
  unrun(() => {
    checked({ adminSecret, awaitKeys: true });
    // @ts-expect-error misspelt
    checked({ adminSecret, awaitKey: true });
  });
});

test('guards and handlers fit every server, route and type provider', () => {
  unrun(() => {
    const guard = { preHandler: requireRole('editor') };
    const overHttp2 = Fastify({ http2: true });
    void overHttp2.register(hasuraAuth, { adminSecret });
    overHttp2.get('/', guard, (request) => sessionOf(request));
    overHttp2.addHook('preHandler', requireRole('editor'));
    overHttp2.all('/hook', authHookHandler({ adminSecret }));
    const overHttps = Fastify({ http2: true, https: {} });
    void overHttps.register(hasuraAuth, { adminSecret });
    overHttps.get('/', guard, (request) => sessionOf(request));
    overHttps.all('/hook', authHookHandler({ adminSecret }));
    const typed = Fastify();
    typed.get<{
      Params: { id: string };
      Querystring: { a: string };
      Reply: { 200: { b: string } };
    }>('/:id', guard, ({ params, query }) => ({ b: params.id + query.a }));
    typed.post<{ Body: { a: string }; Reply: string }>('/', guard, ({ body }) => body.a);
  });
});

test('register takes the options of register too', () => {
  unrun(() => (app: FastifyInstance) => {
    void app.register(hasuraAuth, { adminSecret, prefix: '/a', logLevel: 'warn' });
    void app.register(hasuraAuth);
    // @ts-expect-error one of the styles
    void app.register(hasuraAuth, { adminSecret, errorResponse: 'xml' });
  });
});
