import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthenticator } from '@hasura-auth/core';
import { metrics as table, type MetricOptions } from '@hasura-auth/core/observability';
import { HasuraAuthInstrumentation, HasuraAuthMetricProducer } from '@hasura-auth/opentelemetry';
import { createTestIssuer } from '@hasura-auth/testing';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
  type Histogram,
} from '@opentelemetry/sdk-metrics';
import { endTelemetry, telemetry, type Telemetry } from './telemetry.js';

const quiet = { warn: () => undefined, error: () => undefined };
const adminSecret = 'mrk7-admin-secret-mrk7';
const asAdmin = { headers: { 'x-hasura-admin-secret': adminSecret, 'x-hasura-role': 'mrk7-role' } };
afterEach(endTelemetry);

/** The series of a scrape that are not 0, without buckets, sums and what the SDK adds. */
function counted(text: string): Record<string, number> {
  const values = text
    .split('\n')
    .filter((line) => line.startsWith('hasura_auth'))
    .map((line) => {
      const [, name = '', value = ''] = /^(.*) (\S+)(?: \d+)?$/.exec(line) ?? [];
      return [
        name.replace(/,?otel_scope_\w+="[^"]*"/g, '').replace('{,', '{'),
        Number(value),
      ] as const;
    });
  return Object.fromEntries(
    values.filter(([name, value]) => value !== 0 && !/_(?:bucket|sum)(?:\{|$)/.test(name)),
  );
}

describe.each<[string, (options?: MetricOptions) => Promise<Telemetry>]>([
  ['the instruments of the SDK', telemetry],
  [
    'the producer of metrics',
    (options) => telemetry({ metrics: false }, [new HasuraAuthMetricProducer(options)]),
  ],
])('with %s', (_name, start) => {
  it('the exporter of the SDK has decisions, look-ups, key sets, webhooks and connections', async () => {
    const { scrape } = await start();
    const issuer = await createTestIssuer();
    const authenticator = createAuthenticator({
      adminSecret,
      jwtSecret: issuer.jwtSecret,
      fetch: issuer.fetch,
      logger: quiet,
    });
    const { authenticate, connections } = authenticator;
    const token = await issuer.token({ claims: { sub: 'mrk7-user-mrk7' } });
    const headers = { authorization: `Bearer ${token}` };
    await authenticate({ headers });
    await authenticate({ headers });
    await authenticate({ headers: {} }).catch(() => undefined);
    await authenticate(asAdmin);
    const registry = connections();
    registry.open(() => undefined);
    registry.open(() => undefined).closed();
    const hooked = createAuthenticator({
      adminSecret,
      authHook: 'https://hook.example/mrk7',
      fetch: async () => new Response(null, { status: 401 }),
    });
    await hooked.authenticate({ headers: {} }).catch(() => undefined);
    const text = await scrape();
    const decision = 'hasura_auth_authenticate_duration_count';
    expect(counted(text)).toMatchObject({
      [`${decision}{method="jwt",result="success"}`]: 2,
      [`${decision}{method="admin-secret",result="success"}`]: 1,
      [`${decision}{result="none",error_type="missing-token"}`]: 1,
      [`${decision}{result="failure",error_type="hook-unauthorized"}`]: 1,
      'hasura_auth_token_cache_lookups_total{result="miss"}': 1,
      'hasura_auth_token_cache_lookups_total{result="hit"}': 1,
      'hasura_auth_key_set_fetch_duration_count{key_set="jwtSecret"}': 1,
      'hasura_auth_key_set_keys{key_set="jwtSecret"}': 1,
      'hasura_auth_webhook_duration_count{cache="miss",error_type="hook-unauthorized"}': 1,
      'hasura_auth_connection_closed_total{cause="client"}': 1,
    });
    expect(text).toMatch(/^hasura_auth_connection_active\S* 1\b/m);
    expect(text).toMatch(/^hasura_auth_authenticate_duration_bucket\{[^}]*le="0.000005"\}/m);
    expect(text).not.toContain('mrk7');
    expect(text).not.toContain(token.slice(0, 16));
    await authenticator.close();
  });

  it('roles are values of a label only if they are named', async () => {
    const { scrape } = await start({ roles: ['editor'] });
    const { authenticate } = createAuthenticator({ adminSecret });
    await authenticate(asAdmin);
    await authenticate({ headers: { ...asAdmin.headers, 'x-hasura-role': 'editor' } });
    const text = await scrape();
    expect(counted(text)).toMatchObject({
      'hasura_auth_authenticate_duration_count{method="admin-secret",result="success",role="_OTHER"}': 1,
      'hasura_auth_authenticate_duration_count{method="admin-secret",result="success",role="editor"}': 1,
    });
    expect(text).not.toContain('mrk7');
  });
});

it('the producer counts what comes after its start and before its stop, and gives the reader of the SDK its start', async () => {
  const producer = new HasuraAuthMetricProducer();
  const reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    metricProducers: [producer],
  });
  const provider = new MeterProvider({ readers: [reader] });
  const { authenticate } = createAuthenticator({ adminSecret });
  const decisions = async (): Promise<readonly DataPoint<Histogram>[]> => {
    const { resourceMetrics, errors } = await reader.collect();
    expect(errors).toEqual([]);
    const found = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .find(({ descriptor }) => descriptor.name === 'hasura_auth.authenticate.duration');
    return found?.dataPointType === DataPointType.HISTOGRAM ? found.dataPoints : [];
  };
  expect(await decisions()).toEqual([]);
  await authenticate(asAdmin);
  await authenticate(asAdmin);
  const [point, ...others] = await decisions();
  expect(others).toEqual([]);
  expect(point?.attributes).toEqual({ method: 'admin-secret', result: 'success' });
  expect(point?.value.count).toBe(2);
  expect(point?.value.sum).toBeGreaterThan(0);
  const { boundaries = [], counts = [] } = point?.value.buckets ?? {};
  expect(counts).toHaveLength(boundaries.length + 1);
  expect(counts.reduce((sum, count) => sum + count)).toBe(2);
  producer.stop();
  await authenticate(asAdmin);
  const [later] = await decisions();
  expect(later?.value).toEqual(point?.value);
  expect(later?.startTime).toEqual(point?.startTime);
  await provider.shutdown();
});

it('the producer and the instrumentation check their options', () => {
  expect(() => new HasuraAuthMetricProducer({ roles: 'user' as never })).toThrow('roles: expected');
  expect(() => new HasuraAuthInstrumentation({ metrics: 1 as never })).toThrow(
    'metrics: expected true or false, got a number',
  );
  const role = { role: ['user'] } as never; // what JavaScript may pass
  expect(() => new HasuraAuthInstrumentation(role)).toThrow('did you mean roles?');
});

it('nothing is recorded while the instrumentation is disabled, and each decision once after it is enabled twice', async () => {
  const { instrumentation, scrape, spans } = await telemetry({ spans: 'all' });
  const { authenticate } = createAuthenticator({ adminSecret });
  instrumentation.disable();
  await authenticate(asAdmin);
  expect([counted(await scrape()), spans()]).toEqual([{}, []]);
  instrumentation.enable();
  instrumentation.enable();
  await authenticate(asAdmin);
  expect(Object.values(counted(await scrape()))).toEqual([1]);
  expect(spans()).toHaveLength(1);
});

it('another configuration has its effect at once, and a wrong one changes nothing', async () => {
  const { instrumentation, spans } = await telemetry({ spans: 'all' });
  const { authenticate } = createAuthenticator({ adminSecret });
  expect(() => instrumentation.setConfig({ spans: 'some' as 'all' })).toThrow('spans: expected');
  await authenticate(asAdmin);
  expect(spans()).toHaveLength(1);
  instrumentation.setConfig({ spans: 'none' });
  await authenticate(asAdmin);
  expect(spans()).toHaveLength(1);
});

it('another provider of meters gets what is recorded from then on', async () => {
  const { instrumentation, scrape } = await telemetry();
  const { authenticate } = createAuthenticator({ adminSecret });
  instrumentation.setMeterProvider(new MeterProvider());
  await authenticate(asAdmin);
  expect(counted(await scrape())).toEqual({});
});

it('every metric of the table has a description and a unit by the SDK', async () => {
  const { scrape } = await telemetry();
  const text = await scrape();
  // Instruments without a value are not exported; these always have one.
  expect(text).toContain(`# HELP hasura_auth_connection_active ${table.connections.help}\n`);
  expect(text).toContain('# UNIT hasura_auth_connection_active {connection}\n');
});

it('the scope of the telemetry has the name and the version of the package', async () => {
  const { instrumentation } = await telemetry();
  const manifest = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({
    name: instrumentation.instrumentationName,
    version: instrumentation.instrumentationVersion,
  });
});
