import { ConfigError, createAuthenticator } from '@hasura-auth/core';
import { hasuraAuth, type HasuraAuth } from '@hasura-auth/koa';
import request from 'supertest';
import { majors } from './koa-majors.js';

const right = { 'x-hasura-admin-secret': 'secret' };

describe.each(majors)('%s: one authenticator', (_, Koa) => {
  const authenticator = createAuthenticator({ adminSecret: 'secret', errorResponse: 'engine' });
  const behind = (middleware: HasuraAuth) =>
    new Koa()
      .use(middleware)
      .use((ctx) => {
        ctx.body = ctx.state.hasura;
      })
      .callback();

  it('serves several apps, each of which refuses in its own way', async () => {
    const own = hasuraAuth({ authenticator });
    const graphql = hasuraAuth({ authenticator, errorResponse: 'graphql' });
    const problem = hasuraAuth({ authenticator, errorResponse: 'problem' });
    for (const middleware of [own, graphql, problem]) {
      expect(middleware.authenticator).toBe(authenticator);
      const { body } = await request(behind(middleware)).get('/').set(right).expect(200);
      expect(body).toMatchObject({ role: 'admin', method: 'admin-secret' });
    }
    await request(behind(own))
      .get('/')
      .expect(401)
      .expect('Content-Type', /^application\/json/);
    await request(behind(graphql)).get('/').expect(200);
    await request(behind(problem))
      .get('/')
      .expect(401)
      .expect('Content-Type', /^application\/problem/);
  });
});

it.each([undefined, null, {}, 'secret', { authenticate: true }])(
  'what is no authenticator is refused: %j',
  (authenticator) => {
    const given = { authenticator } as unknown as Parameters<typeof hasuraAuth>[0];
    expect(() => hasuraAuth(given)).toThrow(ConfigError);
    expect(() => hasuraAuth(given)).toThrow(
      'authenticator: expected what createAuthenticator returns',
    );
  },
);

it('an option beside an authenticator is refused', () => {
  const authenticator = createAuthenticator({ adminSecret: 'secret' });
  const given = { authenticator, adminSecret: 'other' } as Parameters<typeof hasuraAuth>[0];
  expect(() => hasuraAuth(given)).toThrow('options: "adminSecret" is unknown');
});

describe('without options', () => {
  const before = { ...process.env };
  beforeEach(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith('HASURA_GRAPHQL_')) delete process.env[name];
  });
  afterEach(() => {
    process.env = { ...before };
  });

  it('the environment is read', async () => {
    process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = 'secret';
    const { authenticator } = hasuraAuth();
    process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = 'changed later';
    expect(await authenticator.authenticate({ headers: right })).toMatchObject({ role: 'admin' });
  });

  it('a mistake names the variable', () => {
    process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = 'secret';
    process.env['HASURA_GRAPHQL_JWT_SECRET'] = '{"type":"XS256","key":"a"}';
    expect(() => hasuraAuth()).toThrow(ConfigError);
    expect(() => hasuraAuth()).toThrow('HASURA_GRAPHQL_JWT_SECRET');
  });

  it('an empty environment is a mistake too', () => {
    expect(() => hasuraAuth()).toThrow(ConfigError);
  });
});
