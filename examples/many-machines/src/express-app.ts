import { createServer, type Server } from 'node:http';
import type { Authenticator } from '@hasura-auth/core';
import { hasuraAuth, sessionOf } from '@hasura-auth/express';
import express from 'express';
import { register } from 'prom-client';

/** An API on Express. `POST /log-out` revokes the tokens of the user, in all processes. */
export function expressServer(authenticator: Authenticator): Server {
  const app = express();
  app.get('/metrics', (_req, res, next) => {
    register.metrics().then((text) => res.type(register.contentType).send(text), next);
  });
  app.use(hasuraAuth({ authenticator }));
  app.get('/me', (req, res) => {
    res.json(sessionOf(req).sessionVariables);
  });
  app.post('/log-out', (req, res, next) => {
    const { claims } = sessionOf(req);
    authenticator.revoke({ sub: claims?.sub ?? '' }).then(() => res.sendStatus(204), next);
  });
  return createServer(app);
}
