import { createServer } from 'node:http';
import { listen, protectedEndpoint, type FailingApp } from '@hasura-auth/conformance';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { majors } from './express-majors.js';

/** An app whose one route, `GET /`, answers with the session; these handlers stand before it. It keeps its errors. */
export function running(
  express: (typeof majors)[number][1],
  ...before: readonly RequestHandler[]
): Promise<FailingApp> {
  const endpoint = protectedEndpoint();
  const errors: unknown[] = [];
  const app = express().set('env', 'test'); // Express itself writes no error to the console then
  for (const handler of before) app.use(handler);
  app.get('/', (req, res) => void res.json(endpoint.answer(req.hasura)));
  const keep: ErrorRequestHandler = (error: unknown, _req, _res, next) => {
    errors.push(error);
    next(error); // Express itself answers
  };
  app.use(keep);
  return listen(createServer(app), endpoint).then((one) => ({ ...one, errors }));
}
