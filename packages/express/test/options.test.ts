import { describeMiddlewareOptions, describeSharedAuthenticator } from '@hasura-auth/conformance';
import { hasuraAuth } from '@hasura-auth/express';
import { majors } from './express-majors.js';
import { running } from './running-express.js';

describeMiddlewareOptions(hasuraAuth);
for (const [name, express] of majors)
  describeSharedAuthenticator(name, hasuraAuth, (middleware) => running(express, middleware));
