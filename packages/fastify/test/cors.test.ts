import cors from '@fastify/cors';
import { describeCors } from '@hasura-auth/conformance';
import { hasuraAuth } from '@hasura-auth/fastify';
import { running } from './running-fastify.js';

describeCors('Fastify 5', (options, { origin, exposed }) =>
  running(async (app) => {
    await app.register(cors, { origin, exposedHeaders: [...exposed] });
    await app.register(hasuraAuth, options);
  }),
);
