import { createServer } from 'node:http';
import { listen, protectedEndpoint, type RunningApp } from '@hasura-auth/conformance';
import type { RequestHandler } from 'express';
import type { majors } from './express-majors.js';

/** An app whose one route, `GET /`, answers with the session; these handlers stand before it. */
export function running(
  express: (typeof majors)[number][1],
  ...before: readonly RequestHandler[]
): Promise<RunningApp> {
  const endpoint = protectedEndpoint();
  const app = express();
  for (const handler of before) app.use(handler);
  app.get('/', (req, res) => void res.json(endpoint.answer(req.hasura)));
  return listen(createServer(app), endpoint);
}
