import { createServer } from 'node:http';
import { describeFailures, listen, protectedEndpoint } from '@hasura-auth/conformance';
import { hasuraAuth } from '@hasura-auth/express';
import type { ErrorRequestHandler } from 'express';
import { majors } from './express-majors.js';

for (const [name, express] of majors)
  describeFailures(name, async (options) => {
    const endpoint = protectedEndpoint();
    const errors: unknown[] = [];
    const app = express().set('env', 'test');
    app.use((_req, res, next) => {
      res.setHeader('Set-Cookie', 'first=1');
      next();
    });
    app.use(hasuraAuth(options));
    app.get('/broken', () => {
      throw new Error('broken');
    });
    app.get('/', (req, res) => void res.json(endpoint.answer(req.hasura)));
    const keep: ErrorRequestHandler = (error: unknown, _req, _res, next) => {
      errors.push(error);
      next(error); // Express itself answers
    };
    app.use(keep);
    return { ...(await listen(createServer(app), endpoint)), errors };
  });
