import { createServer, type ServerResponse } from 'node:http';
import { describeFailures, listen, protectedEndpoint } from '@hasura-auth/conformance';
import { hasuraAuth } from '@hasura-auth/express';
import type { ErrorRequestHandler } from 'express';
import { majors } from './express-majors.js';

for (const [name, express] of majors)
  describeFailures(name, async (options) => {
    const endpoint = protectedEndpoint();
    const errors: unknown[] = [];
    const [firstCookie, broken] = [['first=1'], new Error('broken')]; // constants, as apps have them
    const app = express().set('env', 'test');
    app.use((_req, res, next) => {
      res.setHeader('Set-Cookie', firstCookie);
      next();
    });
    app.use(hasuraAuth(options));
    app.get('/broken', () => {
      throw broken;
    });
    app.get('/', (req, res) => void res.json(endpoint.answer(req.hasura)));
    const keep: ErrorRequestHandler = (error: unknown, _req, _res, next) => {
      errors.push(error);
      next(error); // Express itself answers
    };
    app.use(keep);
    return { ...(await listen(createServer(app), endpoint)), errors };
  });

describe.each(majors)('%s', (_name, express) => {
  it('does not respond to a request again that a timeout has answered, and reports that', async () => {
    let answering: ServerResponse | undefined;
    const hook = await listen(
      createServer((_req, res) => {
        answering?.end('too late'); // while the hook is asked
        res.writeHead(401).end();
      }),
      protectedEndpoint(),
    );
    const app = express().set('env', 'test');
    app.use((_req, res, next) => {
      answering = res;
      next();
    });
    // without headers, so that nothing but the end itself is sent again
    const errorResponse = (): { status: number } => ({ status: 418 });
    app.use(hasuraAuth({ adminSecret: 'secret', authHook: hook.url, errorResponse }));
    const reported = new Promise<unknown>((resolve) => {
      const report: ErrorRequestHandler = (error, _req, _res, next) => {
        resolve(error);
        next(error);
      };
      app.use(report);
    });
    const running = await listen(createServer(app), protectedEndpoint());
    try {
      const response = await fetch(running.url);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('too late');
      expect(await reported).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT' });
    } finally {
      await running.close();
      await hook.close();
    }
  });
});
