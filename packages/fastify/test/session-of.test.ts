import { hasuraAuth, sessionOf } from '@hasura-auth/fastify';
import Fastify, { type FastifyInstance } from 'fastify';

const user = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user' };
let app: FastifyInstance;
beforeEach(() => {
  app = Fastify();
});
afterEach(() => app.close());

describe('sessionOf', () => {
  it('gives the session, frozen', async () => {
    await app.register(hasuraAuth, { adminSecret: 'secret' });
    app.get('/', (request) => ({
      same: sessionOf(request) === request.hasura,
      frozen: Object.isFrozen(sessionOf(request)),
    }));
    const response = await app.inject({ url: '/', headers: user });
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
