import { createServer } from 'node:http';
import express from 'express4';
import { hasuraAuth } from '@hasura-auth/express';
import { describeConformance } from '../src/describe-conformance.js';
import { listen, protectedEndpoint, roomyHeaders } from '../src/running-app.js';

describeConformance('Express 4', (options) => {
  const endpoint = protectedEndpoint();
  const app = express();
  // the adapter is typed for Express 5; the handlers of both majors are the same function
  app.use(hasuraAuth(options) as unknown as express.RequestHandler);
  app.get('/', (req, res) => void res.json(endpoint.answer(req.hasura)));
  return listen(createServer(roomyHeaders, app), endpoint);
});
