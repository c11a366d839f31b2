import request from 'supertest';
import { deny, type AuthOptions, type AuthRequest, type OnSession } from '@hasura-auth/core';
import type { FailingApp } from './describe-failures.js';
import type { StartGuarded } from './describe-role-guard.js';

const adminSecret = 'a-secret-for-the-functions';
const asUser = { 'x-hasura-admin-secret': adminSecret, 'x-hasura-role': 'user' };

/**
 * Checks the functions that an app gives to see sessions and rejections. `isOwn` says whether a request is the framework's
 * own, with the path `/`.
 */
export function describeAppFunctions<Guard>(
  name: string,
  start: StartGuarded<Guard>,
  guard: (role: string) => Guard,
  isOwn: (request: AuthRequest) => boolean,
): void {
  describe(`${name}: the functions of an app`, () => {
    let app: FailingApp;
    afterEach(() => app.close());
    const options = (more: AuthOptions): AuthOptions => ({ adminSecret, ...more });

    it.each<[string, OnSession]>([
      ['at once', (_, given) => ({ 'x-hasura-own': String(isOwn(given)) })],
      ['later', async (_, given) => ({ 'x-hasura-own': String(isOwn(given)) })],
    ])('onSession adds variables, %s, and gets the framework’s request', async (_, onSession) => {
      app = await start(options({ onSession }), guard('user'));
      await request(app.url).get('/').set(asUser).expect(200);
      expect(app.endpoint.reached).toMatchObject([
        { sessionVariables: { 'x-hasura-own': 'true' } },
      ]);
    });

    it.each<[string, OnSession]>([
      ['at once', () => deny('not today')],
      ['later', async () => deny('not today')],
    ])('onSession rejects, %s, before any handler', async (_, onSession) => {
      app = await start(options({ onSession }), guard('user'));
      const { body } = await request(app.url).get('/').set(asUser).expect(403);
      expect(body).toMatchObject({ errors: [{ message: 'not today' }] });
      expect(app.endpoint.reached).toEqual([]);
    });

    it('an error in onSession goes to the framework', async () => {
      const onSession = () => ({ org: '5' });
      app = await start(options({ onSession }), guard('user'));
      await request(app.url).get('/').set(asUser).expect(500);
      expect(app.endpoint.reached).toEqual([]);
      expect(app.errors).toMatchObject([{ message: expect.stringMatching(/^onSession: /) }]);
    });

    it('onRefused gets each rejection once, those of guards too, and the framework’s request', async () => {
      const kinds: string[] = [];
      const onRefused: AuthOptions['onRefused'] = ({ kind }, given) =>
        kinds.push(`${kind} ${String(isOwn(given))}`);
      app = await start(options({ onRefused }), guard('editor'));
      await request(app.url).get('/').expect(401);
      await request(app.url).get('/').set(asUser).expect(403);
      expect(kinds).toEqual(['missing-secret true', 'role-guard true']);
    });

    it('logRefusals writes a line for each', async () => {
      const lines: string[] = [];
      const logger = { warn: (line: string) => void lines.push(line), error: () => undefined };
      app = await start(options({ logRefusals: true, logger }), guard('editor'));
      await request(app.url).get('/?secret=marked').expect(401);
      await request(app.url).get('/').set(asUser).expect(403);
      expect(lines).toEqual([
        expect.stringMatching(/^rejected with 401 missing-secret \(.*\): GET \/$/),
        expect.stringMatching(/^rejected with 403 role-guard \(.*\): GET \/$/),
      ]);
    });
  });
}
