import express from 'express';
import { hasuraAuth, requireRole } from '@hasura-auth/express';
const app = express();
app.use(hasuraAuth({ adminSecret: 's' }));
app.get('/', requireRole('admin'), (req, res) => {
  const role: string | undefined = req.hasura?.role;
  // @ts-expect-error the session may be absent
  const sure: string = req.hasura.role;
  res.json({ role, sure });
});
// @ts-expect-error a secret is a string
hasuraAuth({ adminSecret: 1 });
