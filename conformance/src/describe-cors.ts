import request from 'supertest';
import type { AuthOptions } from '@hasura-auth/core';
import type { RunningApp } from './running-app.js';

/** The options of the framework's CORS plugin. */
export interface CorsRules {
  readonly origin: string;
  readonly exposed: readonly string[];
}

/** Starts an app with the framework's CORS plugin before the middleware. */
export type StartWithCors = (options: AuthOptions, rules: CorsRules) => Promise<RunningApp>;

const rules: CorsRules = { origin: 'https://app.example', exposed: ['WWW-Authenticate'] };

/** Checks that a CORS plugin before the middleware keeps working: what it set stays, what it answers is not refused. */
export function describeCors(name: string, start: StartWithCors): void {
  describe(`${name} with CORS before us`, () => {
    let app: RunningApp;
    beforeAll(async () => {
      app = await start({ adminSecret: 'secret' }, rules);
    });
    afterAll(() => app.close());

    it('a browser can read a refusal', async () => {
      await request(app.url)
        .get('/')
        .set('Origin', rules.origin)
        .expect(401)
        .expect('Access-Control-Allow-Origin', rules.origin)
        .expect('Access-Control-Expose-Headers', 'WWW-Authenticate');
      expect(app.endpoint.reached).toEqual([]);
    });

    it('a preflight, which has no credentials, is not refused', async () => {
      await request(app.url)
        .options('/')
        .set('Origin', rules.origin)
        .set('Access-Control-Request-Method', 'GET')
        .set('Access-Control-Request-Headers', 'authorization')
        .expect(204)
        .expect('Access-Control-Allow-Origin', rules.origin)
        .expect('Access-Control-Allow-Headers', 'authorization');
    });
  });
}
