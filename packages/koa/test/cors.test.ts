import { describeCors } from '@hasura-auth/conformance';
import { hasuraAuth } from '@hasura-auth/koa';
import cors from '@koa/cors';
import { majors } from './koa-majors.js';
import { running } from './running-koa.js';

for (const [name, Koa] of majors)
  describeCors(name, (options, { origin, exposed }) =>
    running(Koa, cors({ origin, exposeHeaders: [...exposed] }), hasuraAuth(options)),
  );
