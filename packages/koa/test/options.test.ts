import { describeMiddlewareOptions, describeSharedAuthenticator } from '@hasura-auth/conformance';
import { hasuraAuth } from '@hasura-auth/koa';
import { majors } from './koa-majors.js';
import { running } from './running-koa.js';

describeMiddlewareOptions(hasuraAuth);
for (const [name, Koa] of majors)
  describeSharedAuthenticator(name, hasuraAuth, (middleware) => running(Koa, middleware));
