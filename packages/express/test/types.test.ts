import { proves, unrun, type Equal } from '@hasura-auth/testkit';

import type { Authenticator, HasuraAuthOptions, Session } from '@hasura-auth/core';
import type { sessionOf } from '@hasura-auth/express';
import { hasuraAuth, type HasuraAuth } from '@hasura-auth/express';
import type { Request, RequestHandler } from 'express';

test('a request has a session, or none', () => {
  proves<Equal<Request['hasura'], Session | undefined>>(true);
  proves<Equal<ReturnType<typeof sessionOf>, Session>>(true);
  proves<HasuraAuth extends RequestHandler ? true : false>(true);
  proves<Equal<HasuraAuth['authenticator'], Authenticator>>(true);
  unrun(() => (req: Request) => {
    // @ts-expect-error it may be absent
    return req.hasura.role;
  });
});

test('the options are those of core, or none', () => {
  proves<Equal<Parameters<typeof hasuraAuth>[0], HasuraAuthOptions | undefined>>(true);
  unrun(() => hasuraAuth());
});
