import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { startJwksServer, testKey } from '@hasura-auth/testkit';
import { createAuthenticator, type Authenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import type { AuthenticateContext } from '../../src/observability/channels.js';
import { sessionOfContext } from '../../src/observability/contexts.js';
import { rejected, rejection } from '../thrown.js';
import { goodToken, spki } from '../tokens.js';
import { complete, heardOn, tracingChannels } from './heard.js';

const channels = tracingChannels('hasura-auth.authenticate');
const heard = (run: () => unknown) => heardOn(channels, run);
const secret = 'a-long-admin-secret';
const jwtOptions: AuthOptions = {
  adminSecret: secret,
  jwtSecret: { type: 'RS256', key: spki('rsa') },
};
const jwt = createAuthenticator(jwtOptions);
const authorization = async () => ({ authorization: `Bearer ${await goodToken()}` });
const durationMs = expect.any(Number);

const hook = (status: number, body = '{"x-hasura-role":"user"}'): Authenticator =>
  createAuthenticator({
    adminSecret: secret,
    authHook: 'http://127.0.0.1:9/',
    fetch: () => Promise.resolve(new Response(body, { status })),
    logger: { warn: () => undefined, error: () => undefined },
  });

describe('a decision is published', () => {
  it('with its method and role at the end if the request is accepted at once', async () => {
    const headers = { 'x-hasura-admin-secret': secret };
    const events = await heard(() => jwt.decide({ headers }));
    expect(events.map(({ on }) => on)).toEqual([channels[0], channels[2]]);
    const begun = { transport: 'http', mode: 'jwt' };
    expect(events[0]?.message).toEqual(begun);
    expect(events[1]?.message).toEqual({
      ...begun,
      method: 'admin-secret',
      role: 'admin',
      durationMs,
    });
    const duration = events[1]?.message['durationMs'];
    expect(duration).toBeGreaterThanOrEqual(0);
    expect(duration).toBeLessThan(60_000);
  });

  it('with its kind, code and status, on the channel of errors too, if it is rejected', async () => {
    const events = await heard(() => jwt.authenticate({ headers: {} }));
    expect(events.map(({ on }) => on)).toEqual(channels.slice(0, 3));
    const refused = { kind: 'missing-token', code: 'invalid-headers', status: 401 };
    for (const { message } of events.slice(1)) expect(message).toMatchObject(refused);
    expect(complete(events)).toEqual([{ transport: 'http', mode: 'jwt', ...refused, durationMs }]);
  });

  it('in the order of Node’s tracePromise if it has to be waited for', async () => {
    const events = await heard(() => hook(200).authenticate({ headers: {} }));
    expect(events.map(({ on }) => on)).toEqual([channels[0], ...channels.slice(2)]);
    expect(events[1]?.message).not.toHaveProperty('durationMs', durationMs);
    expect(complete(events)).toEqual([
      { transport: 'http', mode: 'webhook', method: 'webhook', role: 'user', durationMs },
    ]);
    const refused = await heard(() => hook(401).authenticate({ headers: {} }));
    expect(refused.map(({ on }) => on)).toEqual([
      channels[0],
      channels[2],
      channels[1],
      ...channels.slice(3),
    ]);
    expect(complete(refused)).toMatchObject([{ kind: 'hook-unauthorized', status: 401 }]);
  });

  it('as an internal error if something else than an AuthError is thrown', async () => {
    let now = () => 0;
    const broken = createAuthenticator({ ...jwtOptions, runtime: { now: () => now() } });
    now = () => {
      throw new RangeError('the clock broke');
    };
    const headers = await authorization();
    const internal = { kind: 'internal-error', code: 'internal-error', status: 500 };
    expect(complete(await heard(() => broken.authenticate({ headers })))).toMatchObject([internal]);
    expect(await rejected(broken.authenticate({ headers }))).toBeInstanceOf(RangeError);
  });

  it('once for authenticate, decide and a connection, which says that it is a WebSocket', async () => {
    const headers = await authorization();
    for (const run of [() => jwt.authenticate({ headers }), () => jwt.decide({ headers })])
      expect(complete(await heard(run))).toMatchObject([{ transport: 'http', role: 'user' }]);
    const onSocket = { transport: 'websocket', mode: 'jwt', method: 'jwt', role: 'user' };
    for (const run of [
      () => jwt.authenticateConnection({ headers }),
      () =>
        jwt
          .connections()
          .open(() => undefined)
          .authenticate({ headers }),
    ])
      expect(complete(await heard(run))).toMatchObject([onSocket]);
  });

  it('with whether a verified token was in the cache', async () => {
    const { authenticate } = createAuthenticator(jwtOptions);
    const headers = await authorization();
    const fromCache = async (given: object) =>
      complete(await heard(() => authenticate({ headers: { ...given } })))[0]?.['fromCache'];
    expect(await fromCache(headers)).toBe(false);
    expect(await fromCache(headers)).toBe(true);
    expect(await fromCache({ ...headers, 'x-hasura-role': 'nobody' })).toBe(true);
    expect(await fromCache({ authorization: 'Bearer a.b.c' })).toBe(false);
    expect(await fromCache({})).toBeUndefined();
    const without = createAuthenticator({ ...jwtOptions, tokenCache: false });
    const [context] = complete(await heard(() => without.authenticate({ headers })));
    expect(context).toMatchObject({ method: 'jwt', fromCache: undefined });
  });

  it('with whether the response of a webhook was kept, if responses are', async () => {
    const { authenticate } = createAuthenticator({
      adminSecret: secret,
      authHook: { url: 'http://127.0.0.1:9/', cache: { headers: ['cookie'] } },
      fetch: async () => Response.json({ 'x-hasura-role': 'user', 'Cache-Control': 'max-age=60' }),
    });
    const contexts = complete(
      await heard(async () => {
        await authenticate({ headers: {} });
        await authenticate({ headers: {} });
      }),
    );
    expect(contexts.map(({ fromCache }) => fromCache)).toEqual([false, true]);
  });
});

it('a store that is bound to the start is there for what the decision calls', async () => {
  const store = new AsyncLocalStorage<string>();
  const { start } = tracingChannel<string, AuthenticateContext>('hasura-auth.authenticate');
  start.bindStore(store, ({ transport }) => `during ${transport}`);
  const seen: unknown[] = [];
  try {
    const { authenticate } = createAuthenticator({
      adminSecret: secret,
      authHook: 'http://127.0.0.1:9/',
      fetch: async () => {
        seen.push(store.getStore());
        return Response.json({ 'x-hasura-role': 'user' });
      },
    });
    await authenticate({ headers: {} });
  } finally {
    start.unbindStore(store);
  }
  expect([...seen, store.getStore()]).toEqual(['during http', undefined]);
});

it('publishing changes nothing of a rejection', async () => {
  const silent = await rejection(jwt.authenticate({ headers: {} }));
  let loud: unknown;
  await heard(async () => {
    loud = await rejection(jwt.authenticate({ headers: {} }));
  });
  expect(loud).toMatchObject({ kind: silent.kind, message: silent.message });
});

it('a subscriber that writes to a context changes no session and no other context', async () => {
  const { start, end } = tracingChannel('hasura-auth.authenticate');
  const spoil = (message: unknown): void => {
    Object.assign(message as object, { role: 'admin', method: 'admin-secret', kind: 'spoilt' });
  };
  start.subscribe(spoil);
  end.subscribe(spoil);
  try {
    const headers = await authorization();
    const first = await jwt.authenticate({ headers });
    expect(first).toMatchObject({ role: 'user', method: 'jwt' });
    expect(await jwt.authenticate({ headers })).toMatchObject({ role: 'user', method: 'jwt' });
  } finally {
    start.unsubscribe(spoil);
    end.unsubscribe(spoil);
  }
});

it('the session of a context is no member of it, and a rejection has none', async () => {
  const headers = await authorization();
  const contexts: AuthenticateContext[] = [];
  const { end } = tracingChannel('hasura-auth.authenticate');
  const listen = (message: unknown): void => void contexts.push(message as AuthenticateContext);
  end.subscribe(listen);
  const session = await jwt.authenticate({ headers });
  await rejected(jwt.authenticate({ headers: {} }));
  end.unsubscribe(listen);
  expect(contexts.map(sessionOfContext)).toEqual([session, undefined]);
  expect(sessionOfContext({} as AuthenticateContext)).toBeUndefined();
  for (const context of contexts) expect(JSON.stringify(context)).not.toContain('user-1');
});

it('nothing is made for a decision without a subscriber', async () => {
  const { start, end } = tracingChannel('hasura-auth.authenticate');
  const published = [jest.spyOn(start, 'runStores'), jest.spyOn(end, 'publish')];
  await jwt.authenticate({ headers: await authorization() });
  for (const spy of published) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});

describe('a fetch of a key set is published', () => {
  const keySetChannels = tracingChannels('hasura-auth.key-set');
  const rsa = { ...testKey('rsa').publicJwk, kid: 'a' };

  it('with its origin, its reason and what the set has', async () => {
    const server = await startJwksServer({
      keys: [rsa, { kty: 'oct', k: 'AAAA' }],
      headers: { 'cache-control': 'max-age=120' },
    });
    const { ready, close } = createAuthenticator({
      adminSecret: secret,
      jwtSecrets: [{ jwk_url: `${server.url}?key=marked` }],
      logger: { warn: () => undefined, error: () => undefined },
    });
    const events = await heardOn(keySetChannels, ready);
    expect(events.map(({ on }) => on)).toEqual([keySetChannels[0], ...keySetChannels.slice(2)]);
    const { origin } = new URL(server.url);
    expect(events[0]?.message).toEqual({ keySet: 'jwtSecrets[0]', origin, reason: 'start' });
    expect(complete(events)).toEqual([
      {
        keySet: 'jwtSecrets[0]',
        origin,
        reason: 'start',
        keys: 1,
        skipped: 1,
        freshForMs: 120_000,
        status: 200,
        durationMs,
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('marked');
    await close();
    await server.close();
  });

  const jwkUrl = { jwk_url: 'https://issuer.example/jwks' };
  it.each<[string, AuthOptions['fetch'], object]>([
    ['status', async () => new Response('', { status: 502 }), { failure: 'status', status: 502 }],
    ['no JSON', async () => new Response('marked'), { failure: 'response', status: 200 }],
    ['no connection', () => Promise.reject(new Error('marked')), { failure: 'network' }],
    ['no answer', () => new Promise<never>(() => undefined), { failure: 'timeout' }],
  ])('with why it failed: %s', async (_name, fetch, failure) => {
    const { ready } = createAuthenticator({
      adminSecret: secret,
      jwtSecret: jwkUrl,
      keySets: { timeoutMs: 5 },
      fetch,
      logger: { warn: () => undefined, error: () => undefined },
    });
    const events = await heardOn(keySetChannels, ready);
    expect(complete(events)).toEqual([
      {
        keySet: 'jwtSecret',
        origin: 'https://issuer.example',
        reason: 'start',
        ...failure,
        durationMs,
      },
    ]);
    expect(events.map(({ on }) => on)).toContain(keySetChannels[1]);
  });
});
