import request from 'supertest';
import { ConfigError, type AuthOptions, type ErrorResponse } from '@hasura-auth/core';
import type { RunningApp } from './running-app.js';

/** Starts an app whose one route, `GET /`, only some roles reach; without options no middleware stands before the guard. */
export type StartGuarded = (
  options: AuthOptions | undefined,
  roles: readonly string[],
) => Promise<RunningApp>;

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

/** Checks `requireRole`: who passes, how everybody else is refused, and that the handler then does not run. */
export function describeRoleGuard(
  name: string,
  start: StartGuarded,
  requireRole: (...roles: readonly string[]) => unknown,
): void {
  describe(`${name}: requireRole`, () => {
    let app: RunningApp;
    afterEach(() => app.close());

    const as = (role: string) =>
      request(app.url).get('/').set({
        'x-hasura-admin-secret': 'secret',
        'x-hasura-role': role,
        'x-asked': 'yes',
      });

    it.each(['editor', 'admin'])('lets %s pass', async (role) => {
      app = await start({ adminSecret: 'secret' }, ['editor', 'admin']);
      await as(role).expect(200);
      expect(app.endpoint.reached).toMatchObject([{ role }]);
    });

    it.each(styles)('refuses in the style of the app: %s', async (style, status, type, body) => {
      app = await start({ adminSecret: 'secret', errorResponse: style }, ['editor', 'admin']);
      const response = await as('user');
      expect([response.status, response.type, JSON.parse(response.text)]).toEqual([
        status,
        type,
        body,
      ]);
      expect(app.endpoint.reached).toEqual([]);
    });

    it('refuses where no session is, in the default style', async () => {
      app = await start(undefined, ['editor']);
      await as('editor').expect(403, graphql);
      expect(app.endpoint.reached).toEqual([]);
    });
  });

  it(`${name}: requireRole needs roles when the app is put together`, () => {
    expect(() => requireRole()).toThrow(ConfigError);
    expect(() => requireRole('editor', '')).toThrow(
      'requireRole: expected at least one role, each a non-empty string',
    );
  });
}
