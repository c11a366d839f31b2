import { describeCors } from '@hasura-auth/conformance';
import { hasuraAuth } from '@hasura-auth/express';
import cors from 'cors';
import { majors } from './express-majors.js';
import { running } from './running-express.js';

for (const [name, express] of majors)
  describeCors(name, (options, { origin, exposed }) =>
    running(express, cors({ origin, exposedHeaders: [...exposed] }), hasuraAuth(options)),
  );
