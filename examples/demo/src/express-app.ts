import type { Authenticator } from '@hasura-auth/core';
import { hasuraAuth, requireRole, sessionOf } from '@hasura-auth/express';
import express, { type Express } from 'express';
import { titleMissing, type Articles } from './articles.js';

/** The demo's API on Express. */
export function expressApp(authenticator: Authenticator, articles: Articles): Express {
  const app = express();
  app.use(hasuraAuth({ authenticator }));
  app.use(express.json()); // after hasuraAuth, so that the body of a rejected request is not parsed

  app.get('/me', (req, res) => {
    res.json(sessionOf(req));
  });
  app.get('/articles', (req, res) => {
    res.json(articles.readableBy(sessionOf(req)));
  });
  app.post('/articles', requireRole('editor', 'admin'), (req, res) => {
    const article = articles.write(sessionOf(req), req.body);
    res.status(article ? 201 : 400).json(article ?? titleMissing);
  });
  return app;
}
