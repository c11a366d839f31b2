import {
  startJwksServer,
  type JwksServer,
  startWebhookServer,
  type WebhookServer,
} from '@hasura-auth/testkit';

describe('the key set server', () => {
  let server: JwksServer;
  beforeEach(async () => {
    server = await startJwksServer({
      keys: [{ kid: 'a' }],
      headers: { 'cache-control': 'max-age=60' },
    });
  });
  afterEach(() => server.close());

  it('publishes its keys with its headers, and counts', async () => {
    const response = await fetch(server.url);
    expect(await response.json()).toEqual({ keys: [{ kid: 'a' }] });
    expect(response.headers.get('cache-control')).toBe('max-age=60');
    server.rotate({ kid: 'b' });
    expect(await (await fetch(server.url)).json()).toEqual({ keys: [{ kid: 'b' }] });
    expect(server.fetches).toBe(2);
  });

  it('has bad days, and recovers', async () => {
    server.misbehave({ status: 503, body: 'down' });
    const response = await fetch(server.url);
    expect([response.status, await response.text()]).toEqual([503, 'down']);
    server.recover();
    expect((await fetch(server.url)).status).toBe(200);
  });

  it('holds responses until they are released', async () => {
    server.misbehave({ delivery: { kind: 'held' } });
    const fetching = Promise.all([fetch(server.url), fetch(server.url)]);
    await server.arrived(2);
    server.release();
    expect((await fetching).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('can hang, until the client gives up', async () => {
    server.misbehave({ delivery: { kind: 'hang' } });
    const giveUp = new AbortController();
    const fetching = fetch(server.url, { signal: giveUp.signal });
    await server.arrived(1);
    giveUp.abort();
    await expect(fetching).rejects.toThrow('aborted');
  });

  it('can drip, and come to an end', async () => {
    server.misbehave({ body: '{"keys":[]}', delivery: { kind: 'drip', everyMs: 1 } });
    expect(await (await fetch(server.url)).text()).toBe('{"keys":[]}');
  });

  it.each([{ kind: 'cut', afterBytes: 5 }, { kind: 'reset' }] as const)(
    'can break off: %j',
    async (delivery) => {
      server.misbehave({ delivery });
      await expect(fetch(server.url).then((response) => response.text())).rejects.toThrow();
    },
  );

  it('redirects to a given address', async () => {
    server.misbehave({ status: 302, headers: { location: '/elsewhere' } });
    expect((await fetch(server.url, { redirect: 'manual' })).status).toBe(302);
    expect(server.fetches).toBe(1);
  });
});

describe('the webhook server', () => {
  let server: WebhookServer;
  beforeEach(async () => {
    server = await startWebhookServer();
  });
  afterEach(() => server.close());

  it('responds that each client is user 1, and keeps the requests', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'X-One': '1' },
      body: 'b',
    });
    expect(await response.json()).toEqual({ 'X-Hasura-Role': 'user', 'X-Hasura-User-Id': '1' });
    expect(server.requests).toEqual([
      expect.objectContaining({ method: 'POST', url: '/', body: 'b' }),
    ]);
    expect(server.requests[0]?.headers['x-one']).toBe('1');
  });

  it('sends any given response, also cookies with commas', async () => {
    const cookies = ['a=1; Expires=Thu, 21 Jan 2027 00:00:00 GMT', 'b=2'];
    server.answerWith({ status: 401, headers: { 'set-cookie': cookies }, body: 'no' });
    const response = await fetch(server.url);
    expect([response.status, await response.text()]).toEqual([401, 'no']);
    expect(response.headers.getSetCookie()).toEqual(cookies);
  });
});
