import express from 'express';
import { hasuraAuth, requireRole } from '@hasura-auth/express';
import { listening } from './ask.mjs';

const app = express();
app.use(hasuraAuth({ adminSecret: 's' }));
app.get('/', requireRole('admin'), (req, res) => {
  res.json({ role: req.hasura.role });
});
listening(app);
