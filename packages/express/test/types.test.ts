import { proves, unrun, type Equal } from '@hasura-auth/testkit';

import type { Authenticator, HasuraAuthOptions, Session } from '@hasura-auth/core';
import {
  authHookHandler,
  hasuraAuth,
  requireRole,
  type HasuraAuth,
  type sessionOf,
} from '@hasura-auth/express';
import express, { type Request, type RequestHandler } from 'express';

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

test('a route keeps its own parameters, body and query', () => {
  unrun(() => {
    const app = express();
    const guards = [hasuraAuth(), requireRole('editor')] as const;
    app.get('/:id', ...guards, (req) => {
      proves<Equal<typeof req.params.id, string>>(true);
      // @ts-expect-error the route has no such parameter
      return req.params.other;
    });
    app.get('/:id', requireRole('editor'), authHookHandler(), ({ params }) => {
      const id: string = params.id;
      return id;
    });
    app.post<'/:id', { id: string }, object, { name: string }, { q: string }>(
      '/:id',
      requireRole('editor'),
      ({ body, query }) => {
        const texts: string[] = [body.name, query.q];
        return texts;
      },
    );
    const router = express.Router().use(hasuraAuth()).use('/a', requireRole('editor'));
    router.route('/:id').get(requireRole('editor'), ({ params }) => {
      const id: string = params.id;
      return id;
    });
    const handler: RequestHandler = requireRole('editor');
    return [router, handler];
  });
});

test('the options are those of core, or none', () => {
  proves<Equal<Parameters<typeof hasuraAuth>[0], HasuraAuthOptions | undefined>>(true);
  unrun(() => hasuraAuth());
});
