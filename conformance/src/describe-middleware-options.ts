import request from 'supertest';
import {
  ConfigError,
  createAuthenticator,
  type Authenticator,
  type HasuraAuthOptions,
} from '@hasura-auth/core';
import type { RunningApp } from './running-app.js';

/** A middleware as far as it is the same in every framework. */
interface Middleware {
  readonly authenticator: Authenticator;
}

const right = { 'x-hasura-admin-secret': 'secret' };

/** The environment without the engine's variables, while a test runs. */
function withoutEngineVariables(): void {
  const before = { ...process.env };
  beforeEach(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith('HASURA_GRAPHQL_')) delete process.env[name];
  });
  afterEach(() => {
    process.env = { ...before };
  });
}

/** Checks that one authenticator serves several apps of a framework. */
export function describeSharedAuthenticator<Own extends Middleware>(
  name: string,
  hasuraAuth: (options?: HasuraAuthOptions) => Own,
  start: (middleware: Own) => Promise<RunningApp>,
): void {
  it(`${name}: one authenticator serves several apps, each of which refuses in its own way`, async () => {
    const authenticator = createAuthenticator({ adminSecret: 'secret', errorResponse: 'engine' });
    const styles = [
      [hasuraAuth({ authenticator }), 401, 'application/json'],
      [hasuraAuth({ authenticator, errorResponse: 'graphql' }), 200, 'application/json'],
      [hasuraAuth({ authenticator, errorResponse: 'problem' }), 401, 'application/problem+json'],
    ] as const;
    for (const [middleware, status, type] of styles) {
      expect(middleware.authenticator).toBe(authenticator);
      const app = await start(middleware);
      const { body } = await request(app.url).get('/').set(right).expect(200);
      expect(body).toMatchObject({ role: 'admin', method: 'admin-secret' });
      const refused = await request(app.url).get('/');
      expect([refused.status, refused.type]).toEqual([status, type]);
      expect(app.endpoint.reached).toHaveLength(1);
      await app.close();
    }
  });
}

/** Checks what a middleware makes of its options: an authenticator, the environment, or a ConfigError. */
export function describeMiddlewareOptions(
  hasuraAuth: (options?: HasuraAuthOptions) => Middleware,
): void {
  it.each([undefined, null, {}, 'secret', { authenticate: true }])(
    'what is no authenticator is refused: %j',
    (authenticator) => {
      const given = { authenticator } as unknown as HasuraAuthOptions; // what JavaScript passes
      expect(() => hasuraAuth(given)).toThrow(ConfigError);
      expect(() => hasuraAuth(given)).toThrow(
        'authenticator: expected what createAuthenticator returns',
      );
    },
  );

  it('an option beside an authenticator is refused', () => {
    const authenticator = createAuthenticator({ adminSecret: 'secret' });
    const given = { authenticator, adminSecret: 'other' } as HasuraAuthOptions; // what JavaScript passes
    expect(() => hasuraAuth(given)).toThrow(
      'options: "adminSecret" has no effect beside authenticator',
    );
  });

  describe('without options', () => {
    withoutEngineVariables();

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
}
