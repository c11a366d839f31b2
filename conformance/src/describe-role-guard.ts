import { mintToken, testKey } from '@hasura-auth/testkit';
import request from 'supertest';
import {
  ConfigError,
  type AuthOptions,
  type ErrorResponse,
  type MaybePromise,
  type Session,
} from '@hasura-auth/core';
import type { FailingApp } from './describe-failures.js';

/**
 * Starts an app whose one route, `GET /`, a guard protects; without options no middleware stands before the guard.
 * Errors are kept, and answered by the framework itself.
 */
export type StartGuarded<Guard> = (
  options: AuthOptions | undefined,
  guard: Guard,
) => Promise<FailingApp>;

/** The guards of an adapter. */
export interface Guards<Guard> {
  requireRole(...roles: readonly string[]): Guard;
  requireSession(predicate?: (session: Session, request: object) => MaybePromise<boolean>): Guard;
}

const message = 'Your current role is not allowed here';
const graphql = { errors: [{ extensions: { path: '$', code: 'access-denied' }, message }] };
const problem = { status: 403, title: 'Forbidden', detail: message, code: 'access-denied' };
const metadata = { path: '$', error: message, code: 'access-denied' };
const custom: ErrorResponse = ({ status, code }, { headers }) => ({
  status: 418,
  body: { status, code, asked: Object.entries(headers).filter(([name]) => name === 'x-asked') },
});
const customBody = { status: 403, code: 'access-denied', asked: [['x-asked', 'yes']] };

const json = 'application/json';
const styles: readonly (readonly [ErrorResponse, number, string, object])[] = [
  ['http', 403, json, graphql],
  ['engine', 400, json, graphql],
  ['graphql', 200, json, graphql],
  ['metadata', 400, json, metadata],
  ['problem', 403, 'application/problem+json', problem],
  [custom, 418, json, customBody],
];

const secrets: AuthOptions = {
  adminSecret: 'a-secret-for-the-guards',
  unauthorizedRole: 'anonymous',
};
const { spki = '' } = testKey('rsa');
const tokens: AuthOptions = { ...secrets, jwtSecret: { type: 'RS256', key: spki } };

const as = (role: string) => ({
  'x-hasura-admin-secret': 'a-secret-for-the-guards',
  'x-hasura-role': role,
  'x-asked': 'yes',
});

async function byToken(role: string): Promise<Record<string, string>> {
  const token = await mintToken({
    sign: { key: 'rsa', alg: 'RS256', header: {} },
    claims: {
      'https://hasura.io/jwt/claims': {
        'x-hasura-allowed-roles': [role],
        'x-hasura-default-role': role,
      },
    },
  });
  return { authorization: `Bearer ${token}` };
}

const secretChallenge = 'HasuraAdminSecret';
const bearerChallenge = 'Bearer realm="hasura"';
const scopeChallenge = 'Bearer realm="hasura", error="insufficient_scope"';

/**
 * Checks `requireRole` and `requireSession`: which sessions pass, how all others are refused, and that no handler then
 * runs.
 */
export function describeGuards<Guard>(
  name: string,
  start: StartGuarded<Guard>,
  { requireRole, requireSession }: Guards<Guard>,
): void {
  describe(`${name}: guards`, () => {
    let app: FailingApp;
    afterEach(() => app.close());

    async function expectStatus(
      headers: Record<string, string>,
      status: number,
      challenge?: string,
    ): Promise<void> {
      const response = await request(app.url).get('/').set(headers);
      expect([response.status, response.headers['www-authenticate']]).toEqual([status, challenge]);
      expect(app.endpoint.reached).toHaveLength(status === 200 ? 1 : 0);
      expect(app.errors).toEqual([]);
    }

    describe.each([
      ['requireRole', () => requireRole('editor', 'author')],
      ['requireSession', () => requireSession()],
      ['requireSession with a predicate', () => requireSession(({ role }) => role !== 'user')],
      ['requireSession, async', () => requireSession(async ({ role }) => role !== 'user')],
    ])('%s', (kind, guard) => {
      const refusesUser = kind !== 'requireSession';

      it.each(['editor', 'author', 'admin'])('lets %s pass', async (role) => {
        app = await start(secrets, guard());
        await expectStatus(as(role), 200);
        expect(app.endpoint.reached).toMatchObject([{ role }]);
      });

      it(`answers a session without credentials with 401`, async () => {
        app = await start(secrets, guard());
        await expectStatus({}, 401, secretChallenge);
      });

      it(`answers a session without credentials with the challenge of its mode`, async () => {
        app = await start(tokens, guard());
        await expectStatus({}, 401, bearerChallenge);
      });

      it('answers any other role with 403', async () => {
        app = await start(secrets, guard());
        await expectStatus(as('user'), refusesUser ? 403 : 200);
      });

      it('answers the role of a token with 403 and its challenge', async () => {
        app = await start(tokens, guard());
        const headers = await byToken('user');
        if (refusesUser) await expectStatus(headers, 403, scopeChallenge);
        else await expectStatus(headers, 200);
      });

      it('is an error of the app where hasuraAuth did not run', async () => {
        app = await start(undefined, guard());
        await request(app.url).get('/').set(as('admin')).expect(500);
        expect(app.endpoint.reached).toEqual([]);
        expect(app.errors).toMatchObject([
          { message: expect.stringContaining('hasuraAuth did not run before it') },
        ]);
        expect(app.errors).not.toMatchObject([{ name: 'AuthError' }]);
      });
    });

    it('requireRole lets a session without credentials pass whose role is listed', async () => {
      app = await start(secrets, requireRole('anonymous'));
      await expectStatus({}, 200);
    });

    it.each(styles)('refuses in the style of the app: %s', async (style, status, type, body) => {
      app = await start({ ...secrets, errorResponse: style }, requireRole('editor'));
      const response = await request(app.url).get('/').set(as('user'));
      expect([response.status, response.type, JSON.parse(response.text)]).toEqual([
        status,
        type,
        body,
      ]);
      expect(app.endpoint.reached).toEqual([]);
    });

    it('refuses with the realm of the app', async () => {
      app = await start({ ...tokens, realm: 'api' }, requireRole('editor'));
      await expectStatus({}, 401, 'Bearer realm="api"');
    });

    it('forwards a refusal in that style', async () => {
      app = await start({ ...secrets, errorResponse: 'forward' }, requireSession());
      await request(app.url).get('/').expect(401);
      expect(app.errors).toMatchObject([{ kind: 'missing-secret' }]);
    });

    it.each([
      ['resolves to nothing', async () => undefined],
      ['returns nothing', () => undefined],
    ])('a predicate that %s lets no session pass', async (_, predicate) => {
      const given = predicate as unknown as () => boolean; // what JavaScript passes
      app = await start(secrets, requireSession(given));
      await expectStatus(as('editor'), 403);
    });

    it('an error of a predicate goes to the framework', async () => {
      const predicate = (): never => {
        throw new Error('broken');
      };
      app = await start(secrets, requireSession(predicate));
      await request(app.url).get('/').set(as('editor')).expect(500);
      expect(app.endpoint.reached).toEqual([]);
      expect(app.errors).toMatchObject([{ message: 'broken' }]);
    });

    it('a predicate gets the request of the framework', async () => {
      const asked = jest.fn(() => true);
      app = await start(secrets, requireSession(asked));
      await expectStatus(as('editor'), 200);
      expect(asked).toHaveBeenCalledWith(
        app.endpoint.reached[0],
        expect.objectContaining({ headers: expect.objectContaining({ 'x-asked': 'yes' }) }),
      );
    });
  });

  it(`${name}: a guard that can let no session pass is a ConfigError when the app is made`, () => {
    expect(() => requireRole()).toThrow(ConfigError);
    expect(() => requireRole('editor', '')).toThrow(
      'requireRole: expected at least one role, each a non-empty string and an argument of its own',
    );
    const notAFunction = 'editor' as unknown as () => boolean; // what JavaScript passes
    expect(() => requireSession(notAFunction)).toThrow('requireSession: expected a function');
  });
}
