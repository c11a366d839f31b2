import { keptLog, type KeptLog } from '@hasura-auth/testkit';
import { Agent } from 'node:http';
import request, { type Response } from 'supertest';
import type { AuthOptions } from '@hasura-auth/core';
import { expectSession, expectSoundSession } from './expectations.js';
import { expectRefusalResponse, expectWholeResponse } from './expected-response.js';
import { headersOf, type SentHeaders } from './request-of.js';
import { optionsKey, rowOptions } from './row-options.js';
import { rowTally, rowTest } from './row-tally.js';
import type { RunningApp } from './running-app.js';
import { ownGroups, sharedGroups, type RequestRow } from './vectors.js';

/** Starts an app whose one route, `GET /`, is protected with these options and answers `endpoint.answer(session)`. */
export type StartApp = (options: AuthOptions) => Promise<RunningApp>;

interface StartedApp {
  readonly app: RunningApp;
  readonly log: KeptLog;
}

/** Kept connections: a new one for each row would take most of the time. */
const connections = new Agent({ keepAlive: true });

function get(app: string, headers: SentHeaders, url = '/'): Promise<Response> {
  const sending = request(app).get(url).redirects(0).agent(connections);
  // the types know single values only; Node sends a list as several header lines
  for (const [name, value] of Object.entries(headers)) sending.set(name, value as string);
  return Promise.resolve(sending);
}

/** One app for all rows with the same configuration. */
function appsByOptions(start: StartApp): {
  of(row: RequestRow): Promise<StartedApp>;
  close(): Promise<void>;
} {
  const apps = new Map<string, Promise<StartedApp>>();
  const started = async (row: RequestRow): Promise<StartedApp> => {
    const log = keptLog();
    return { app: await start(rowOptions(row, log)), log };
  };
  return {
    of(row) {
      const key = optionsKey(row);
      const app = apps.get(key) ?? started(row);
      apps.set(key, app);
      return app;
    },
    async close() {
      // an app that did not start has failed its rows
      for (const one of await Promise.allSettled(apps.values()))
        if (one.status === 'fulfilled') await one.value.app.close();
    },
  };
}

async function checkRow(row: RequestRow, { app, log }: StartedApp): Promise<void> {
  const now = row.now ?? Date.now();
  const { reached } = app.endpoint;
  const before = reached.length;
  const response = await get(app.url, await headersOf(row, now), row.request.url);
  const { session, error, response: whole, any, warning } = row.expect;
  const accepted = reached[before];

  if (accepted) expectSoundSession(accepted);
  if (session) {
    expect({ status: response.status, handled: reached.length - before }).toEqual({
      status: 200,
      handled: 1,
    });
    expectSession(response.body, session, now);
  }
  if (error) {
    expect(reached).toHaveLength(before);
    expectRefusalResponse(row, error, response);
  }
  if (any) expect(response.status).toBeLessThan(500);
  if (whole) expectWholeResponse(whole, response);
  if (warning !== undefined) expect(log.lines.join('\n')).toContain(warning);
}

/** Runs every row, the shared ones and ours, over HTTP against apps of one framework. */
export function describeConformance(name: string, start: StartApp): void {
  describe(`${name} conforms`, () => {
    const groups = [...sharedGroups(), ...ownGroups()];
    const apps = appsByOptions(start);
    const tally = rowTally(groups);
    afterAll(async () => {
      await apps.close();
      connections.destroy();
    });

    for (const group of groups) {
      describe(group.name, () => {
        for (const row of group.rows) {
          rowTest(group.name, row.id)(row.id, async () => {
            tally.ran(group.origin);
            await checkRow(row, await apps.of(row));
          });
        }
      });
    }
    tally.testCounts();

    it('lets a function of its own answer a refusal', async () => {
      const app = await start({
        adminSecret: 'myadminsecretkey',
        errorResponse: (error, { headers }) => ({
          status: 418,
          headers: { 'x-code': error.code },
          body: { said: error.message, asked: headers },
        }),
      });
      try {
        const response = await get(app.url, { 'x-hasura-role': 'admin' });
        expect([response.status, response.type, response.headers['x-code']]).toEqual([
          418,
          'application/json',
          'access-denied',
        ]);
        expect(response.body).toMatchObject({
          said: 'x-hasura-admin-secret/x-hasura-access-key required, but not found',
          asked: { 'x-hasura-role': 'admin' },
        });
        expect(app.endpoint.reached).toEqual([]);
      } finally {
        await app.close();
      }
    });
  });
}
