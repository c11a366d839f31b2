import { createAuthenticator, hasuraAuth } from '@hasura-auth/express';
import { everySeries, metrics as table, mostRoles } from '@hasura-auth/core/observability';
import { createTestClock, createTestIssuer } from '@hasura-auth/testing';
import express from 'express';
import * as client from 'prom-client';
import { metrics, type HasuraAuthMetrics } from '@hasura-auth/prometheus';
import { closeServers, counted, listening, metricsListener, scrape } from './scrape.js';

const quiet = { warn: () => undefined, error: () => undefined };
const adminSecret = 'mrk7-admin-secret-mrk7';

let running: HasuraAuthMetrics | undefined;
/** Starts the metrics and an endpoint for them; both end with the test. */
async function started(options: { readonly roles?: readonly string[] } = {}) {
  const register = new client.Registry();
  running = metrics({ register, ...options });
  return { register, url: await listening(metricsListener(register)) };
}
afterEach(() => {
  running?.stop();
  running = undefined;
  closeServers();
});

/** An app that accepts the tokens of an issuer, over HTTP. */
async function jwtApp() {
  const issuer = await createTestIssuer();
  const auth = hasuraAuth({
    adminSecret,
    jwtSecret: issuer.jwtSecret,
    fetch: issuer.fetch,
    logger: quiet,
  });
  const app = express()
    .use(auth)
    .get('/', (_request, response) => void response.send('ok'));
  const url = await listening(app);
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(url, { headers })).status;
  return {
    issuer,
    auth,
    status,
    bearer: (token: string) => ({ authorization: `Bearer ${token}` }),
  };
}

it('requests over HTTP are counted by method, result and the kind of the rejection, and a token by its look-up', async () => {
  const { url } = await started();
  const { issuer, auth, status, bearer } = await jwtApp();
  const token = await issuer.token({ role: 'user', claims: { sub: 'mrk7-user-mrk7' } });
  expect(await status(bearer(token))).toBe(200);
  expect(await status(bearer(token))).toBe(200);
  expect(await status(bearer(await issuer.expiredToken()))).toBe(401);
  expect(await status({ 'x-hasura-admin-secret': 'mrk7-wrong-mrk7' })).toBe(401);
  expect(await status({ 'x-hasura-admin-secret': adminSecret })).toBe(200);
  expect(await status({})).toBe(401);
  const scraped = await scrape(url);
  const decision = 'hasura_auth_authenticate_duration_seconds_count';
  expect(counted(scraped)).toEqual({
    [`${decision}{method="jwt",result="success"}`]: 2,
    [`${decision}{method="admin-secret",result="success"}`]: 1,
    [`${decision}{result="failure",error_type="invalid-token"}`]: 1,
    [`${decision}{result="failure",error_type="wrong-secret"}`]: 1,
    [`${decision}{result="none",error_type="missing-token"}`]: 1,
    'hasura_auth_token_cache_lookups_total{result="hit"}': 1,
    'hasura_auth_token_cache_lookups_total{result="miss"}': 1,
    'hasura_auth_token_cache_lookups_total{result="refused"}': 1,
    'hasura_auth_key_set_fetch_duration_seconds_count{key_set="jwtSecret"}': 1,
    'hasura_auth_key_set_keys{key_set="jwtSecret"}': 1,
    'hasura_auth_key_set_age_seconds{key_set="jwtSecret"}': expect.any(Number),
  });
  // Nothing marked, and no part of the token.
  expect(scraped.text).not.toContain('mrk7');
  for (const part of token.split('.')) expect(scraped.text).not.toContain(part.slice(0, 16));
  await auth.authenticator.close();
});

it('a histogram has cumulative buckets, a sum and a count', async () => {
  const { url } = await started();
  const { authenticate } = createAuthenticator({ adminSecret });
  for (let time = 0; time < 20; time++)
    await authenticate({ headers: { 'x-hasura-admin-secret': adminSecret } });
  const { series } = await scrape(url);
  const of = (suffix: string, le = ''): number | undefined =>
    series.get(
      `hasura_auth_authenticate_duration_seconds_${suffix}{${le}method="admin-secret",result="success"}`,
    );
  const buckets = (table.decisions.buckets ?? []).map((bound) =>
    of('bucket', `le="${String(bound)}",`),
  );
  expect(buckets).toHaveLength(15);
  expect([...buckets].sort((one = NaN, other = NaN) => one - other)).toEqual(buckets);
  expect(of('bucket', 'le="+Inf",')).toBe(20);
  expect(of('count')).toBe(20);
  expect(of('sum')).toBeGreaterThan(0);
  expect(of('sum')).toBeLessThan(10);
});

it('a webhook is counted by where its answer came from and what failed', async () => {
  const { url } = await started();
  let answer = async () =>
    Response.json({ 'x-hasura-role': 'user', 'cache-control': 'max-age=60' });
  const { authenticate } = createAuthenticator({
    adminSecret,
    authHook: { url: 'https://hook.example/mrk7', cache: { headers: ['cookie'] } },
    fetch: () => answer(),
    logger: quiet,
  });
  const asked = (cookie: string) => authenticate({ headers: { cookie } }).catch(() => undefined);
  await Promise.all([asked('a=1'), asked('a=1')]);
  await asked('a=1');
  answer = async () => new Response(null, { status: 401 });
  await asked('a=2');
  answer = () => Promise.reject(new Error('mrk7'));
  await asked('a=3');
  const scraped = await scrape(url);
  const webhook = 'hasura_auth_webhook_duration_seconds_count';
  expect(counted(scraped)).toMatchObject({
    [`${webhook}{cache="miss"}`]: 1,
    [`${webhook}{cache="shared"}`]: 1,
    [`${webhook}{cache="hit"}`]: 1,
    [`${webhook}{cache="miss",error_type="hook-unauthorized"}`]: 1,
    [`${webhook}{cache="miss",error_type="hook-unreachable"}`]: 1,
  });
  expect(scraped.text).not.toContain('mrk7');
});

it('a key set is shown by age and keys at the time of the scrape, and its fetches by what failed', async () => {
  const { url } = await started();
  const clock = createTestClock();
  const issuer = await createTestIssuer({ now: clock.now }); // or a token may be from the clock's future
  const { ready, close } = createAuthenticator({
    adminSecret,
    jwtSecret: issuer.jwtSecret,
    fetch: issuer.fetch,
    logger: quiet,
    runtime: clock.runtime,
  });
  const fetches = 'hasura_auth_key_set_fetch_duration_seconds_count{key_set="jwtSecret"';
  const first = await scrape(url);
  expect(first.series.get('hasura_auth_key_set_keys{key_set="jwtSecret"}')).toBe(0);
  expect(first.series.get(`${fetches}}`)).toBe(0);
  expect(first.series.get(`${fetches},error_type="status"}`)).toBe(0);
  expect(first.text).not.toContain('hasura_auth_key_set_age_seconds{');
  issuer.outage();
  await ready().catch(() => undefined);
  issuer.recover();
  await ready();
  clock.advance(90_000);
  const later = await scrape(url);
  expect(later.series.get('hasura_auth_key_set_age_seconds{key_set="jwtSecret"}')).toBe(90);
  expect(later.series.get('hasura_auth_key_set_keys{key_set="jwtSecret"}')).toBe(1);
  expect(later.series.get(`${fetches}}`)).toBe(1);
  expect(later.series.get(`${fetches},error_type="status"}`)).toBe(1);
  await close();
  expect((await scrape(url)).text).not.toContain('hasura_auth_key_set_keys{');
});

it('connections are counted while they are open, and by the cause of their end', async () => {
  const { url } = await started();
  const clock = createTestClock();
  const issuer = await createTestIssuer({ now: clock.now }); // or a token may be from the clock's future
  const authenticator = createAuthenticator({
    adminSecret,
    jwtSecret: issuer.jwtSecret,
    fetch: issuer.fetch,
    logger: quiet,
    runtime: clock.runtime,
  });
  const connections = authenticator.connections();
  const open = async (token: string | undefined) => {
    const connection = connections.open(() => undefined);
    const connectionParams =
      token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
    await connection.authenticate({ connectionParams }).catch(() => undefined);
    return connection;
  };
  const inAMinute = Math.floor(clock.now() / 1000) + 60;
  await open(await issuer.token({ role: 'user', claims: { exp: inAMinute } }));
  await open(await issuer.token({ role: 'editor' }));
  const left = await open(await issuer.token({ role: 'user' }));
  await open(undefined);
  await open(await issuer.token({ role: 'user' }));
  expect((await scrape(url)).series.get('hasura_auth_connections_active')).toBe(4);
  connections.disconnect({ role: 'editor' });
  left.closed();
  clock.advance(60_000);
  await new Promise(setImmediate); // sockets are closed in a later tick
  const { series } = await scrape(url);
  expect(series.get('hasura_auth_connections_active')).toBe(1);
  const closed = (cause: string) =>
    series.get(`hasura_auth_connections_closed_total{cause="${cause}"}`);
  expect(['expired', 'disconnected', 'client', 'refused', 'revoked'].map(closed)).toEqual([
    1, 1, 1, 1, 0,
  ]);
  await authenticator.close();
});

describe('roles', () => {
  it('are no label by default, and only the named ones are values', async () => {
    const admin = {
      headers: { 'x-hasura-admin-secret': adminSecret, 'x-hasura-role': 'mrk7-role' },
    };
    const { authenticate } = createAuthenticator({ adminSecret });
    const plain = await started();
    await authenticate(admin);
    expect((await scrape(plain.url)).text).not.toMatch(/role=|mrk7/);
    running?.stop();
    const named = await started({ roles: ['editor', 'editor', 'user'] });
    await authenticate(admin);
    await authenticate({ headers: { ...admin.headers, 'x-hasura-role': 'editor' } });
    await authenticate({ headers: {} }).catch(() => undefined);
    const scraped = await scrape(named.url);
    const decision = 'hasura_auth_authenticate_duration_seconds_count';
    expect(counted(scraped)).toEqual({
      [`${decision}{method="admin-secret",result="success",role="editor"}`]: 1,
      [`${decision}{method="admin-secret",result="success",role="_OTHER"}`]: 1,
      [`${decision}{result="none",error_type="missing-secret"}`]: 1,
    });
    expect(scraped.text).not.toContain('mrk7');
  });

  it.each<[string, unknown, string]>([
    ['a text', 'user', 'roles: expected a list of at most 15 roles, got a string'],
    ['an empty name', ['user', ''], 'roles[1]: expected a non-empty string'],
    [
      'too many',
      Array.from({ length: 16 }, (_, index) => `role-${String(index)}`),
      'roles: expected a list of at most 15 roles, got 16 of them',
    ],
  ])('that are %s are a ConfigError, and nothing is registered', (_name, roles, message) => {
    const register = new client.Registry();
    expect(() => metrics({ register, roles: roles as string[] })).toThrow(message);
    expect(register.getMetricsAsArray()).toEqual([]);
  });
});

it('no label has more values than the table allows', () => {
  const roles = Array.from({ length: mostRoles }, (_, index) => `role-${String(index)}`);
  expect(everySeries('decisions', undefined).length).toBeLessThanOrEqual(40);
  expect(everySeries('decisions', roles).length).toBeLessThanOrEqual(120);
  expect(everySeries('tokenLookups', roles)).toHaveLength(3);
  expect(everySeries('webhooks', roles).length).toBeLessThanOrEqual(20);
  expect(everySeries('closedConnections', roles)).toHaveLength(5);
});

it('every metric of the table is in a scrape with its help and its type', async () => {
  const { url } = await started();
  const { text } = await scrape(url);
  const types = { histogram: 'histogram', counter: 'counter', gauge: 'gauge', 'up-down': 'gauge' };
  for (const { prometheus, help, kind } of Object.values(table)) {
    expect(text).toContain(`# HELP ${prometheus} ${help}\n`);
    expect(text).toContain(`# TYPE ${prometheus} ${types[kind]}\n`);
  }
});

it('the default registry is that of prom-client, and metrics can be registered once and stopped', async () => {
  running = metrics();
  expect(() => metrics()).toThrow(
    'register: this registry has the metrics already; call metrics() once for all authenticators of the process, or stop() the first',
  );
  expect(() => metrics({ registry: new client.Registry() } as never)).toThrow(
    'options: "registry" is unknown; did you mean register?',
  );
  const { authenticate } = createAuthenticator({
    adminSecret: false,
    unauthorizedRole: 'mrk7',
    jwtSecret: { type: 'HS256', key: 'k'.repeat(32) },
  });
  await authenticate({ headers: {} });
  const name = 'hasura_auth_authenticate_duration_seconds_count';
  expect(await client.register.metrics()).toContain(
    `${name}{method="unauthenticated",result="none"} 1\n`,
  );
  client.register.resetMetrics();
  expect(await client.register.metrics()).toContain(
    `${name}{method="unauthenticated",result="none"} 0\n`,
  );
  running.stop();
  await authenticate({ headers: {} });
  expect(await client.register.metrics()).not.toContain('hasura_auth');
});

it('OpenMetrics names a counter once with its suffix', async () => {
  const register = new client.Registry<client.OpenMetricsContentType>();
  register.setContentType(client.openMetricsContentType);
  running = metrics({ register });
  const text = await register.metrics();
  expect(text).toContain('# TYPE hasura_auth_token_cache_lookups counter\n');
  expect(text).toContain('\nhasura_auth_token_cache_lookups_total{result="hit"} 0\n');
  expect(text).not.toContain('_total_total');
});

it('the processes of a cluster are added up: counts as a sum, ages by the oldest', async () => {
  const process = async (decisions: number) => {
    const register = new client.Registry();
    const own = metrics({ register });
    const { authenticate } = createAuthenticator({ adminSecret });
    for (let time = 0; time < decisions; time++)
      await authenticate({ headers: { 'x-hasura-admin-secret': adminSecret } });
    const values = await register.getMetricsAsJSON();
    own.stop();
    return values;
  };
  const all = client.AggregatorRegistry.aggregate([await process(2), await process(3)]);
  expect(await all.metrics()).toContain(
    'hasura_auth_authenticate_duration_seconds_count{method="admin-secret",result="success"} 5\n',
  );
});
