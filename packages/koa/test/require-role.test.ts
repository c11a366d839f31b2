import { describeAppFunctions, describeGuards, type StartGuarded } from '@hasura-auth/conformance';
import { hasuraAuth, requireRole, requireSession } from '@hasura-auth/koa';
import type { Middleware } from 'koa';
import { majors } from './koa-majors.js';
import { running } from './running-koa.js';

for (const [name, Koa] of majors) {
  const start: StartGuarded<Middleware> = (options, guard) =>
    running(Koa, ...(options ? [hasuraAuth(options)] : []), guard);
  describeGuards<Middleware>(name, start, { requireRole, requireSession });
  describeAppFunctions(name, start, requireRole, (given) => 'ctx' in given);
}
