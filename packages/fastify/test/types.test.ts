import { proves, unrun, type Equal } from '@hasura-auth/testkit';

import type { Authenticator, HasuraAuthOptions, Session } from '@hasura-auth/core';
import type { sessionOf } from '@hasura-auth/fastify';
import { hasuraAuth, type HasuraAuthPluginOptions } from '@hasura-auth/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

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

test('register takes the options of register too', () => {
  unrun(() => (app: FastifyInstance) => {
    void app.register(hasuraAuth, { adminSecret, prefix: '/a', logLevel: 'warn' });
    void app.register(hasuraAuth);
    // @ts-expect-error one of the styles
    void app.register(hasuraAuth, { adminSecret, errorResponse: 'xml' });
  });
});
