import {
  createAuthenticator,
  type AuthHook,
  type Authenticator,
  type Session,
} from '@hasura-auth/core';

import {
  type RecordedRequest,
  startWebhookServer,
  type WebhookServer,
  keptLog,
} from '@hasura-auth/testkit';

type Headers = Record<string, string>;

/** A hook whose response depends on everything that it receives, so that no part of it may be ignored. */
const byAll = ({ headers, body }: RecordedRequest) => ({
  body: {
    'x-hasura-role': 'user',
    'x-hasura-user-id': headers.authorization ?? '',
    'x-hasura-received': JSON.stringify([headers['x-evil'], headers['x-tenant'], body]),
    'Cache-Control': 'max-age=60',
  },
});

describe('kept responses of an auth hook', () => {
  let hook: WebhookServer;
  let now: number;

  const make = (authHook: Omit<AuthHook, 'url'>): Authenticator =>
    createAuthenticator({
      adminSecret: 'the right admin secret',
      authHook: { ...authHook, url: hook.url },
      runtime: { now: () => now },
      logger: keptLog().logger,
    });
  const cache = { headers: ['Authorization', 'X-Tenant'] };
  const asks = (): number => hook.requests.length;

  beforeEach(async () => {
    now = 1_000_000;
    hook = await startWebhookServer(byAll);
  });
  afterEach(() => hook.close());

  it('without a cache every request is a call, even if responses state how long they hold', async () => {
    const { authenticate } = make({});
    const headers = { authorization: 'a' };
    await Promise.all([authenticate({ headers }), authenticate({ headers })]);
    await authenticate({ headers });
    expect(asks()).toBe(3);
  });

  it('a response is kept for as long as it says, and the session ends with it', async () => {
    const { authenticate } = make({ cache });
    const headers = { authorization: 'a' };
    const first = await authenticate({ headers });
    now += 59_999;
    expect(await authenticate({ headers })).toBe(first);
    expect(first.expiresAt).toBe(1_060_000);
    now += 1;
    expect((await authenticate({ headers })).expiresAt).toBe(1_120_000);
    expect(asks()).toBe(2);
  });

  it.each([
    ['no expiry', {}],
    ['an expiry that cannot be read', { Expires: '0' }],
    ['an expiry in the past', { Expires: 'Thu, 01 Jan 1970 00:10:00 GMT' }],
    ['max-age=0', { 'Cache-Control': 'max-age=0' }],
    ['no-store', { 'Cache-Control': 'no-store, max-age=60' }],
    ['no-cache', { 'Cache-Control': 'no-cache, max-age=60' }],
  ])('a response with %s is not kept', async (_name, end) => {
    hook.answerWith({ body: { 'x-hasura-role': 'user', ...end } });
    const { authenticate } = make({ cache });
    await authenticate({ headers: {} });
    await authenticate({ headers: {} });
    expect(asks()).toBe(2);
  });

  it.each([
    ['401', { status: 401 }],
    ['500', { status: 500 }],
    ['no JSON', { body: 'x' }],
    ['no role', { body: { 'Cache-Control': 'max-age=60' } }],
    ['no answer', { delivery: { kind: 'reset' } as const }],
  ])('%s is not kept', async (_name, answer) => {
    hook.answerWith(answer);
    const { authenticate } = make({ cache });
    await expect(authenticate({ headers: {} })).rejects.toThrow();
    hook.answerWith({ body: { 'x-hasura-role': 'user' } });
    await expect(authenticate({ headers: {} })).resolves.toMatchObject({ role: 'user' });
  });

  it('requests that differ in a listed header never share a response', async () => {
    const { authenticate } = make({ cache });
    const different: Headers[] = [
      {},
      { authorization: '' },
      { authorization: 'a' },
      { authorization: 'A' },
      { authorization: 'a', 'x-tenant': '' },
      { authorization: 'a', 'x-tenant': '1' },
      { authorization: 'a","x-tenant":"1' },
    ];
    for (let round = 0; round < 2; round++)
      for (const headers of different) {
        const { sessionVariables } = await authenticate({ headers });
        expect(sessionVariables['x-hasura-user-id']).toBe(headers['authorization'] ?? '');
      }
    expect(asks()).toBe(different.length);
  });

  it.each(['GET', 'POST'] as const)(
    'a header that is not listed changes nothing, whichever request comes first (%s)',
    async (mode) => {
      const { authenticate } = make({ mode, cache });
      const evil = { authorization: 'a', 'x-evil': '1', 'x-hasura-role': 'admin', cookie: 'b=1' };
      const first = await authenticate({ headers: evil });
      expect(await authenticate({ headers: { authorization: 'a' } })).toBe(first);
      const [request] = hook.requests;
      expect(request?.headers['x-evil']).toBeUndefined();
      if (mode === 'POST')
        expect(JSON.parse(request?.body ?? '')).toEqual({
          headers: { authorization: 'a' },
          request: null,
        });
    },
  );

  it('a POST hook that receives the GraphQL request is called again for another one', async () => {
    const { authenticate } = make({ mode: 'POST', cache });
    const ask = (query: string, extra = 1): Promise<Session> =>
      authenticate({ headers: { authorization: 'a' }, method: 'POST', body: { query, extra } });
    const first = await ask('{ a }');
    expect(await ask('{ b }')).not.toBe(first);
    expect(await ask('{ a }', 2)).toBe(first); // what the hook does not receive does not count
    expect(asks()).toBe(2);
  });

  it('a POST hook that does not receive it is called once', async () => {
    const { authenticate } = make({ mode: 'POST', sendRequestBody: false, cache });
    for (const query of ['{ a }', '{ b }']) await authenticate({ headers: {}, body: { query } });
    expect(asks()).toBe(1);
  });

  it('equal requests at the same time make one call and share the response', async () => {
    hook.answerWith({ body: { 'x-hasura-role': 'user' }, delivery: { kind: 'held' } });
    const { authenticate } = make({ cache });
    const headers = { authorization: 'a' };
    const all = Array.from({ length: 20 }, () => authenticate({ headers }));
    await hook.arrived(1);
    all.push(authenticate({ headers }));
    hook.release();
    expect(new Set(await Promise.all(all)).size).toBe(1);
    expect(asks()).toBe(1);
  });

  it('equal requests at the same time share a refusal, and the next request makes a new call', async () => {
    hook.answerWith({ status: 401, delivery: { kind: 'held' } });
    const { authenticate } = make({ cache });
    const all = Array.from({ length: 3 }, () => authenticate({ headers: {} }));
    await hook.arrived(1);
    hook.release();
    const settled = await Promise.allSettled(all);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    hook.answerWith({ body: { 'x-hasura-role': 'user' } });
    await authenticate({ headers: {} });
    expect(asks()).toBe(2);
  });

  it('a response with a cookie is neither kept nor shared', async () => {
    let cookies = 0;
    await hook.close();
    hook = await startWebhookServer(() => ({
      body: { 'x-hasura-role': 'user', 'Cache-Control': 'max-age=60' },
      headers: { 'set-cookie': `id=${String(++cookies)}` },
      delivery: { kind: 'held' },
    }));
    const { decide } = make({ cache });
    const all = Array.from({ length: 3 }, async () => decide({ headers: {} }));
    await hook.arrived(1);
    hook.release();
    await hook.arrived(3);
    hook.release();
    const set = (await Promise.all(all)).map(({ headers }) => headers.map(([, value]) => value));
    expect(set.flat().sort()).toEqual(['id=1', 'id=2', 'id=3']);
    const later = decide({ headers: {} });
    await hook.arrived(4);
    hook.release();
    expect((await later).headers).toEqual([['Set-Cookie', 'id=4']]);
  });

  it('clear() removes what is kept, and a call in progress is not kept', async () => {
    const { authenticate, clear } = make({ cache });
    await authenticate({ headers: {} });
    clear();
    hook.answerWith({
      ...byAll({ headers: {}, body: '' } as RecordedRequest),
      delivery: { kind: 'held' },
    });
    const late = authenticate({ headers: {} });
    await hook.arrived(2);
    clear();
    hook.release();
    await late;
    hook.answerWith({ body: { 'x-hasura-role': 'guest' } });
    expect((await authenticate({ headers: {} })).role).toBe('guest');
    expect(asks()).toBe(3);
  });

  it('at most maxEntries responses are kept, and the least recently used is replaced', async () => {
    const { authenticate } = make({ cache: { ...cache, maxEntries: 2 } });
    const ask = (authorization: string): Promise<Session> =>
      authenticate({ headers: { authorization } });
    for (const one of ['a', 'b', 'a', 'c', 'a']) await ask(one);
    expect(asks()).toBe(3);
    await ask('b');
    expect(asks()).toBe(4);
  });
});
