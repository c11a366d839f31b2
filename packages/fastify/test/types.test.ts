import type { Authenticator, Session } from '@hasura-auth/core';
import type { sessionOf } from '@hasura-auth/fastify';
import { hasuraAuth, type HasuraAuthPluginOptions } from '@hasura-auth/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

// What is checked here is that this file compiles; `@ts-expect-error` fails where there is no error.
type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const proves = <T extends true>(proof: T): void => expect(proof).toBe(true);
/** Compiled, never called. */
const unrun = (code: () => unknown): void => expect(code).toBeInstanceOf(Function);

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

test('a session cannot be written to', () => {
  unrun(() => (session: Session) => {
    // @ts-expect-error readonly
    session.role = 'admin';
    // @ts-expect-error readonly
    session.sessionVariables['x-hasura-user-id'] = '1';
    // @ts-expect-error readonly
    session.allowedRoles?.push('admin');
  });
});

test('wrong options do not compile', () => {
  unrun(() => {
    checked({ adminSecret, precedence: 'admin-secret', errorResponse: 'problem' });
    checked({ adminSecret: false, jwtSecret: { type: 'HS256', key: 'k' } });
    checked({ adminSecret, awaitKeys: true });
    // @ts-expect-error a role is a string
    checked({ adminSecret, unauthorizedRole: true });
    // @ts-expect-error misspelt
    checked({ adminSecret, unauthorisedRole: 'anonymous' });
    // @ts-expect-error one of two
    checked({ adminSecret, precedence: 'both' });
    // @ts-expect-error one of the styles
    checked({ adminSecret, errorResponse: 'xml' });
    // @ts-expect-error no such type of key
    checked({ adminSecret, jwtSecret: { type: 'XS256', key: 'k' } });
    // @ts-expect-error a secret, or false
    checked({ adminSecret: true });
  });
});

test('nothing unknown stands beside a shared authenticator', () => {
  unrun(() => (authenticator: Authenticator) => {
    checked({ authenticator });
    checked({ authenticator, errorResponse: 'graphql' });
    // @ts-expect-error misspelt
    checked({ authenticator, errorResponce: 'graphql' });
    // @ts-expect-error not an authenticator
    checked({ authenticator: {} });
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
