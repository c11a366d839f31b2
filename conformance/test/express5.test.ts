import { createServer } from 'node:http';
import express from 'express';
import { hasuraAuth } from '@hasura-auth/express';
import { describeConformance } from '../src/describe-conformance.js';
import { listen, protectedEndpoint, roomyHeaders } from '../src/running-app.js';

describeConformance('Express 5', (options) => {
  const endpoint = protectedEndpoint();
  const app = express();
  app.use(hasuraAuth(options));
  app.get('/', (req, res) => void res.json(endpoint.answer(req.hasura)));
  return listen(createServer(roomyHeaders, app), endpoint);
});
