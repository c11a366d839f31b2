import { ConfigError, type ErrorResponse } from '@hasura-auth/core';
import { hasuraAuth, requireRole } from '@hasura-auth/express';
import request from 'supertest';
import { majors } from './express-majors.js';

const message = 'Your current role is not allowed here';
const graphql = { errors: [{ extensions: { path: '$', code: 'access-denied' }, message }] };
const problem = { status: 403, title: 'Forbidden', detail: message, code: 'access-denied' };
const metadata = { path: '$', error: message, code: 'access-denied' };
const custom: ErrorResponse = ({ status, code }, { headers }) => ({
  status: 418,
  body: { status, code, asked: Object.entries(headers).filter(([name]) => name === 'x-asked') },
});
const as = (role: string) => ({ 'x-hasura-admin-secret': 'secret', 'x-hasura-role': role });

describe.each(majors)('%s: requireRole', (_, express) => {
  function app(errorResponse: ErrorResponse) {
    const guarded = express();
    guarded.use(hasuraAuth({ adminSecret: 'secret', errorResponse }));
    guarded.get('/', requireRole('editor', 'admin'), (_req, res) => void res.send('in'));
    return guarded;
  }

  it.each(['editor', 'admin'])('lets %s pass', async (role) => {
    await request(app('http')).get('/').set(as(role)).expect(200, 'in');
  });

  it.each<[ErrorResponse, number, string, object]>([
    ['http', 403, 'application/json', graphql],
    ['engine', 400, 'application/json', graphql],
    ['graphql', 200, 'application/json', graphql],
    ['metadata', 400, 'application/json', metadata],
    ['problem', 403, 'application/problem+json', problem],
    [
      custom,
      418,
      'application/json',
      { status: 403, code: 'access-denied', asked: [['x-asked', 'yes']] },
    ],
  ])('refuses in the style of the app: %s', async (style, status, type, body) => {
    const response = await request(app(style)).get('/').set(as('user')).set('x-asked', 'yes');
    expect([response.status, response.type, JSON.parse(response.text)]).toEqual([
      status,
      type,
      body,
    ]);
  });

  it('refuses where no session is, in the default style', async () => {
    const bare = express();
    bare.get('/', requireRole('editor'), (_req, res) => void res.send('in'));
    await request(bare).get('/').set(as('editor')).expect(403, graphql);
  });

  it('answers in the style of the middleware that ran last', async () => {
    const two = express();
    two.use(hasuraAuth({ adminSecret: 'secret', errorResponse: 'engine' }));
    two.use('/rest', hasuraAuth({ adminSecret: 'secret', errorResponse: 'problem' }));
    two.use(requireRole('editor'));
    await request(two).get('/').set(as('user')).expect(400, graphql);
    const { text } = await request(two).get('/rest').set(as('user')).expect(403);
    expect(JSON.parse(text)).toEqual(problem);
  });

  it('answers by default where the middleware that ran last does, though one before it does not', async () => {
    const two = express();
    const byDefault = hasuraAuth({ adminSecret: 'secret' }); // made while no other style is known
    two.use(hasuraAuth({ adminSecret: 'secret', errorResponse: 'problem' }));
    two.use('/rest', byDefault);
    two.use(requireRole('editor'));
    await request(two).get('/rest').set(as('user')).expect(403, graphql);
  });
});

it('needs roles when the app is put together', () => {
  expect(() => requireRole()).toThrow(ConfigError);
  expect(() => requireRole('editor', '')).toThrow(
    'requireRole: expected at least one role, each a non-empty string',
  );
});
