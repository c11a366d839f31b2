import type { AuthOptions } from '@hasura-auth/core';
import { hmacKey, hmacToken, sendRequest, keptLog } from '@hasura-auth/testkit';

import { hookFrameworks } from '../src/hook-apps.js';

import type { RunningApp } from '../src/running-app.js';

const exp = Math.floor(Date.now() / 1000) + 3600;

const pairs = hookFrameworks.flatMap((asking) =>
  hookFrameworks.flatMap((asked) =>
    (['GET', 'POST'] as const).map((mode) => ({
      name: `${asking.name} asks ${asked.name} by ${mode}`,
      asking,
      asked,
      mode,
    })),
  ),
);

describe('one of our apps is the auth hook of another', () => {
  let authorization: string;
  const open: RunningApp[] = [];
  beforeAll(async () => {
    authorization = `Bearer ${await hmacToken(['user', 'editor'], { exp })}`;
  });
  afterEach(() => Promise.all(open.splice(0).map((app) => app.close())));

  it.each(pairs)('$name', async ({ asking, asked, mode }) => {
    const hook = await asked.hook({
      adminSecret: false,
      jwtSecret: { type: 'HS256', key: hmacKey },
    });
    open.push(hook);
    const options: AuthOptions = {
      adminSecret: 'the right admin secret',
      authHook: { url: hook.url, mode },
      logger: keptLog().logger,
    };
    const api = await asking.api(options);
    open.push(api);
    const send = (headers: Record<string, string>) =>
      sendRequest(api.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"query":"{ a }"}',
      });

    expect((await send({ authorization, 'x-hasura-role': 'editor' })).status).toBe(200);
    expect((await send({ 'x-hasura-admin-secret': 'the right admin secret' })).status).toBe(200);
    expect((await send({})).status).toBe(401);
    expect((await send({ authorization: 'Bearer forged' })).status).toBe(401);
    expect((await send({ authorization, 'x-hasura-role': 'admin' })).status).toBe(401);

    const [byHook, byAdmin] = api.endpoint.reached;
    expect(byHook).toMatchObject({
      role: 'editor',
      method: 'webhook',
      sessionVariables: { 'x-hasura-role': 'editor', 'x-hasura-user-id': '7' },
    });
    expect(Math.abs((byHook?.expiresAt ?? 0) - exp * 1000)).toBeLessThan(5000);
    expect(byAdmin).toMatchObject({ role: 'admin', method: 'admin-secret' });
    expect(api.endpoint.reached).toHaveLength(2);
  });
});
