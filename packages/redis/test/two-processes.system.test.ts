import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { hmacSecret, mintToken, startLoopbackServer, type JsonObject } from '@hasura-auth/testkit';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { AppProcessOptions } from './app-process.js';
import { describeWithRedis } from './servers.js';

const children: ChildProcess[] = [];
const clients: Client[] = [];

async function started(options: AppProcessOptions): Promise<string> {
  const child = fork(join(__dirname, 'app-process.ts'), [JSON.stringify(options)], {
    execArgv: ['--conditions=hasura-auth-source', '--import', 'tsx'],
  });
  children.push(child);
  const [url] = (await once(child, 'message')) as [string]; // it sends its address
  return url;
}

async function stopAll(): Promise<void> {
  await Promise.all(
    children.splice(0).map(async (child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }),
  );
}

const tokenOf = (claims: JsonObject = {}): Promise<string> =>
  mintToken({
    sign: { key: 'hs', alg: 'HS256' },
    claims: {
      sub: 'user-1',
      ...claims,
      'https://hasura.io/jwt/claims': {
        'x-hasura-default-role': 'user',
        'x-hasura-allowed-roles': ['user', 'editor'],
      },
    },
  });

const get = (url: string, token: string): Promise<Response> =>
  fetch(url, { headers: { authorization: `Bearer ${token}` } });

const post = async (url: string, body: object): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(status).toBe(204);
};

/** Asks until the status is this one. */
async function answers(url: string, token: string, status: number): Promise<void> {
  for (;;) if ((await get(url, token)).status === status) return;
}

/** Opens a subscription; the promise it returns resolves with the code that its socket is closed with. */
async function subscribed(
  url: string,
  token: string,
): Promise<{ readonly closed: Promise<number> }> {
  let close: (code: number) => void;
  const closed = new Promise<number>((resolve) => {
    close = resolve;
  });
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { headers: { authorization: `Bearer ${token}` } },
    retryAttempts: 0,
    on: { closed: (event) => close((event as { code: number }).code) }, // the event of a socket
  });
  clients.push(client);
  await new Promise<void>((resolve, reject) => {
    client.subscribe(
      { query: 'subscription { tick }' },
      { next: () => resolve(), error: reject, complete: () => undefined },
    );
  });
  return { closed };
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

describeWithRedis('two processes of an app', (server) => {
  let near: string;
  let far: string;

  beforeAll(async () => {
    const options = { redis: server().url, secret: hmacSecret('hs').toString() };
    [near, far] = await Promise.all([started(options), started(options)]);
  }, 60_000);
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
  });
  afterAll(stopAll);

  it.each<[string, JsonObject, (token: string) => object]>([
    ['by its identity', { sub: 'a' }, (token) => ({ token })],
    ['by its jti', { sub: 'b', jti: 'jti-b' }, () => ({ jti: 'jti-b' })],
    ['by the login session', { sub: 'c', sid: 'sid-c' }, () => ({ sid: 'sid-c' })],
    ['by its user', { sub: 'd', iat: nowSeconds() - 60 }, () => ({ sub: 'd' })],
  ])('a token that one revokes %s is refused by the other', async (_name, claims, revocation) => {
    const token = await tokenOf(claims);
    const other = await tokenOf({ sub: 'other' });
    for (const url of [near, far]) expect((await get(url, token)).status).toBe(200);
    await post(`${near}/revoke`, revocation(token));
    expect((await get(near, token)).status).toBe(401);
    await answers(far, token, 401);
    const refused = await get(far, token);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await refused.json()).toHaveProperty(
      'errors.0.message',
      'Could not verify JWT: JWTRevoked',
    );
    expect((await get(far, other)).status).toBe(200);
  });

  it('a subscription there of a revoked token is closed, and no other', async () => {
    const token = await tokenOf({ sub: 'e' });
    const revoked = await subscribed(far, token);
    const other = await subscribed(far, await tokenOf({ sub: 'other' }));
    let isOtherClosed = false;
    void other.closed.then(() => {
      isOtherClosed = true;
    });
    await post(`${near}/revoke`, { token });
    expect(await revoked.closed).toBe(4403);
    expect(isOtherClosed).toBe(false);
  });

  it('a role that one disconnects is disconnected by the other, and may come back', async () => {
    const token = await tokenOf({ sub: 'f' });
    const [here, there] = [await subscribed(near, token), await subscribed(far, token)];
    await post(`${near}/disconnect`, { role: 'user' });
    expect(await Promise.all([here.closed, there.closed])).toEqual([4403, 4403]);
    await subscribed(far, token);
  });

  it('a login after the revocation of its user works on both', async () => {
    const old = await tokenOf({ sub: 'g', iat: nowSeconds() - 60 });
    await post(`${near}/revoke`, { sub: 'g', before: nowSeconds() - 5 });
    await answers(far, old, 401);
    const fresh = await tokenOf({ sub: 'g', iat: nowSeconds() });
    for (const url of [near, far]) expect((await get(url, fresh)).status).toBe(200);
  });

  it('an entry ends by itself on both', async () => {
    const token = await tokenOf({ sub: 'h', jti: 'jti-h' });
    await post(`${near}/revoke`, { jti: 'jti-h', until: Date.now() + 1500 });
    await answers(far, token, 401);
    for (const url of [near, far]) await answers(url, token, 200);
  });

  it('a process that starts later refuses what was revoked before', async () => {
    const token = await tokenOf({ sub: 'i' });
    await post(`${near}/revoke`, { token });
    const later = await started({ redis: server().url, secret: hmacSecret('hs').toString() });
    expect((await get(later, token)).status).toBe(401);
  }, 30_000);
});

describeWithRedis('two processes with an auth webhook', (server) => {
  afterAll(stopAll);

  it('make one call for 100 cold requests at once', async () => {
    const hook = await startLoopbackServer(() => ({
      body: JSON.stringify({
        'X-Hasura-Role': 'user',
        'X-Hasura-User-Id': '7',
        'Cache-Control': 'max-age=60',
      }),
    }));
    const answerKeys = [randomBytes(32).toString('base64')];
    const options = { redis: server().url, hook: hook.url, answerKeys };
    const urls = await Promise.all([started(options), started(options)]);
    const responses = await Promise.all(
      Array.from({ length: 100 }, (_, index) => get(urls[index % 2] ?? '', 'opaque')),
    );
    for (const response of responses) {
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        role: 'user',
        sessionVariables: { 'x-hasura-user-id': '7' },
      });
    }
    expect(hook.requests).toHaveLength(1);

    await server().stop(); // without Redis, each asks the hook as without a shared cache
    expect((await get(urls[0] ?? '', 'another')).status).toBe(200);
    expect(hook.requests).toHaveLength(2);
    await server().start();
    await hook.close();
  }, 60_000);
});
