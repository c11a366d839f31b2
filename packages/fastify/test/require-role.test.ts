import { ConfigError, type ErrorResponse } from '@hasura-auth/core';
import { hasuraAuth, requireRole, sessionOf } from '@hasura-auth/fastify';
import Fastify, { type FastifyInstance } from 'fastify';

const message = 'Your current role is not allowed here';
const graphql = { errors: [{ extensions: { path: '$', code: 'access-denied' }, message }] };
const problem = { status: 403, title: 'Forbidden', detail: message, code: 'access-denied' };
const metadata = { path: '$', error: message, code: 'access-denied' };
const custom: ErrorResponse = ({ status, code }) => ({ status: 418, body: { status, code } });
const as = (role: string) => ({ 'x-hasura-admin-secret': 'secret', 'x-hasura-role': role });
const json = 'application/json';

let app: FastifyInstance;
const reached = jest.fn(() => 'in');
beforeEach(() => {
  reached.mockClear();
  app = Fastify();
});
afterEach(() => app.close());

async function guarded(errorResponse: ErrorResponse): Promise<void> {
  await app.register(hasuraAuth, { adminSecret: 'secret', errorResponse });
  app.get('/', { preHandler: requireRole('editor', 'admin') }, reached);
}

describe('requireRole', () => {
  it.each(['editor', 'admin'])('lets %s pass', async (role) => {
    await guarded('http');
    expect((await app.inject({ url: '/', headers: as(role) })).payload).toBe('in');
  });

  it.each<[ErrorResponse, number, string, object]>([
    ['http', 403, json, graphql],
    ['engine', 400, json, graphql],
    ['graphql', 200, json, graphql],
    ['metadata', 400, json, metadata],
    ['problem', 403, 'application/problem+json', problem],
    [custom, 418, json, { status: 403, code: 'access-denied' }],
  ])('refuses in the style of the app: %s', async (style, status, type, body) => {
    await guarded(style);
    const response = await app.inject({ url: '/', headers: as('user') });
    const [media] = String(response.headers['content-type']).split(';'); // Fastify adds a charset
    expect([response.statusCode, media, response.json()]).toEqual([status, type, body]);
    expect(reached).not.toHaveBeenCalled();
  });

  it('refuses where no session is, in the default style', async () => {
    app.get('/', { preHandler: requireRole('editor') }, reached);
    const response = await app.inject({ url: '/', headers: as('editor') });
    expect([response.statusCode, response.json()]).toEqual([403, graphql]);
  });

  it('refuses on a route that was left out, in the style of its scope', async () => {
    await app.register(hasuraAuth, { adminSecret: 'secret', errorResponse: 'problem' });
    const open = { config: { hasuraAuth: false }, preHandler: requireRole('editor') };
    app.get('/', open, reached);
    expect((await app.inject({ url: '/', headers: as('editor') })).json()).toEqual(problem);
  });

  it('needs roles when the app is put together', () => {
    expect(() => requireRole()).toThrow(ConfigError);
    expect(() => requireRole('editor', '')).toThrow('expected at least one role');
  });
});

describe('sessionOf', () => {
  it('gives the session, frozen', async () => {
    await app.register(hasuraAuth, { adminSecret: 'secret' });
    app.get('/', (request) => ({
      same: sessionOf(request) === request.hasura,
      frozen: Object.isFrozen(sessionOf(request)),
    }));
    const response = await app.inject({ url: '/', headers: as('user') });
    expect(response.json()).toEqual({ same: true, frozen: true });
  });

  it.each([true, false])('throws where there is none; decorated: %s', async (decorated) => {
    if (decorated) await app.register(hasuraAuth, { adminSecret: 'secret' });
    app.get('/', { config: { hasuraAuth: false } }, (request) => sessionOf(request));
    const response = await app.inject('/');
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({
      message: expect.stringContaining('hasuraAuth did not run before this handler'),
    });
  });
});
