import { describeRoleGuard } from '@hasura-auth/conformance';
import { hasuraAuth, requireRole } from '@hasura-auth/koa';
import { majors } from './koa-majors.js';
import { running } from './running-koa.js';

for (const [name, Koa] of majors)
  describeRoleGuard(
    name,
    (options, roles) =>
      running(Koa, ...(options ? [hasuraAuth(options)] : []), requireRole(...roles)),
    requireRole,
  );
