import type { Authenticator, Session } from '@hasura-auth/core';
import type { sessionOf } from '@hasura-auth/koa';
import { hasuraAuth, type HasuraAuth, type HasuraState } from '@hasura-auth/koa';
import Koa, { type DefaultState, type Middleware } from 'koa';

// What is checked here is that this file compiles; `@ts-expect-error` fails where there is no error.
type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const proves = <T extends true>(proof: T): void => expect(proof).toBe(true);
/** Compiled, never called. */
const unrun = (code: () => unknown): void => expect(code).toBeInstanceOf(Function);

const adminSecret = 'secret';

test('the state has a session, or none', () => {
  proves<Equal<DefaultState['hasura'], Session | undefined>>(true);
  proves<Equal<HasuraState['hasura'], Session | undefined>>(true);
  proves<Equal<ReturnType<typeof sessionOf>, Session>>(true);
  proves<HasuraAuth extends Middleware<HasuraState> ? true : false>(true);
  proves<Equal<HasuraAuth['authenticator'], Authenticator>>(true);
});

test('the middleware tells the next one of its state', () => {
  unrun(() =>
    new Koa().use(hasuraAuth()).use((ctx) => {
      proves<Equal<typeof ctx.state.hasura, Session | undefined>>(true);
      // @ts-expect-error it may be absent
      return ctx.state.hasura.role;
    }),
  );
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
    hasuraAuth({ adminSecret, precedence: 'admin-secret', errorResponse: 'problem' });
    hasuraAuth({ adminSecret: false, jwtSecret: { type: 'HS256', key: 'k' } });
    hasuraAuth();
    // @ts-expect-error a role is a string
    hasuraAuth({ adminSecret, unauthorizedRole: true });
    // @ts-expect-error misspelt
    hasuraAuth({ adminSecret, unauthorisedRole: 'anonymous' });
    // @ts-expect-error one of two
    hasuraAuth({ adminSecret, precedence: 'both' });
    // @ts-expect-error one of the styles
    hasuraAuth({ adminSecret, errorResponse: 'xml' });
    // @ts-expect-error no such type of key
    hasuraAuth({ adminSecret, jwtSecret: { type: 'XS256', key: 'k' } });
    // @ts-expect-error a secret, or false
    hasuraAuth({ adminSecret: true });
  });
});

test('nothing unknown stands beside a shared authenticator', () => {
  unrun(() => (authenticator: Authenticator) => {
    hasuraAuth({ authenticator });
    hasuraAuth({ authenticator, errorResponse: 'graphql' });
    // @ts-expect-error misspelt
    hasuraAuth({ authenticator, errorResponce: 'graphql' });
    // @ts-expect-error not an authenticator
    hasuraAuth({ authenticator: {} });
  });
});
