import { proves, unrun, type Equal } from '@hasura-auth/testkit';

import type { Authenticator, HasuraAuthOptions, Session } from '@hasura-auth/core';
import type { sessionOf } from '@hasura-auth/koa';
import { hasuraAuth, type HasuraAuth, type HasuraState } from '@hasura-auth/koa';
import Koa, { type DefaultState, type Middleware } from 'koa';

test('the state has a session, or none', () => {
  proves<Equal<DefaultState['hasura'], Session | undefined>>(true);
  proves<Equal<HasuraState['hasura'], Session | undefined>>(true);
  proves<Equal<ReturnType<typeof sessionOf>, Session>>(true);
  proves<HasuraAuth extends Middleware<HasuraState> ? true : false>(true);
  proves<Equal<HasuraAuth['authenticator'], Authenticator>>(true);
});

test('the middleware types the state of the next one', () => {
  unrun(() =>
    new Koa().use(hasuraAuth()).use((ctx) => {
      proves<Equal<typeof ctx.state.hasura, Session | undefined>>(true);
      // @ts-expect-error it may be absent
      return ctx.state.hasura.role;
    }),
  );
});

test('the options are those of core, or none', () => {
  proves<Equal<Parameters<typeof hasuraAuth>[0], HasuraAuthOptions | undefined>>(true);
});
