import { describeGuards } from '@hasura-auth/conformance';
import { hasuraAuth, requireRole, requireSession } from '@hasura-auth/koa';
import { majors } from './koa-majors.js';
import { running } from './running-koa.js';

for (const [name, Koa] of majors)
  describeGuards(
    name,
    (options, guard) => running(Koa, ...(options ? [hasuraAuth(options)] : []), guard),
    { requireRole, requireSession },
  );
