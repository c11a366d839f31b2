import type { AuthOptions, ErrorResponse } from '@hasura-auth/core';
import { keptLog, sendRequest, startWebhookServer, type WebhookServer } from '@hasura-auth/testkit';
import { hookFrameworks } from '../src/hook-apps.js';

const cookies = ['id=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/', 'theme=dark'];

const styles: readonly [name: string, style: ErrorResponse, status: number][] = [
  ['http', 'http', 401],
  ['engine', 'engine', 401],
  ['graphql', 'graphql', 200],
  ['metadata', 'metadata', 401],
  ['problem', 'problem', 401],
  ['forward', 'forward', 401],
  ['a function', () => ({ status: 418 }), 418],
  ['an async function with headers', async () => ({ status: 418, headers: { 'x-a': 'b' } }), 418],
];

describe.each(hookFrameworks)('the cookies of a 401 of an auth hook on $name', ({ api }) => {
  let hook: WebhookServer;
  beforeAll(async () => {
    hook = await startWebhookServer();
    hook.answerWith({ status: 401, headers: { 'set-cookie': cookies } });
  });
  afterAll(() => hook.close());

  async function received(errorResponse: ErrorResponse) {
    const options: AuthOptions = { adminSecret: false, authHook: hook.url, errorResponse };
    const app = await api({ ...options, logger: keptLog().logger });
    try {
      return await sendRequest(app.url, {});
    } finally {
      await app.close();
    }
  }

  it.each(styles)('reach the client if errorResponse is %s', async (_name, style, status) => {
    expect(await received(style)).toMatchObject({ status, cookies });
  });

  it('are those of the app’s function if it returns cookies', async () => {
    const headers = { 'set-COOKIE': 'own=1' };
    expect(await received(() => ({ status: 401, headers }))).toMatchObject({ cookies: ['own=1'] });
  });
});
