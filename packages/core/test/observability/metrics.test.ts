import { channel, tracingChannel } from 'node:diagnostics_channel';
import { startJwksServer, testKey, virtualClock } from '@hasura-auth/testkit';
import { createAuthenticator } from '../../src/authenticator.js';
import { metrics, type Labels, type MetricKey } from '../../src/observability/metrics.js';
import {
  HistogramValues,
  recordMetrics,
  type MetricOptions,
} from '../../src/observability/record-metrics.js';
import {
  everySeries,
  methodLabels,
  mostRoles,
  parseRoles,
  readGauge,
  refusalLabels,
} from '../../src/observability/series.js';
import { refusals } from '../../src/refusals.js';
import { rejected } from '../thrown.js';

const adminSecret = 'a-long-admin-secret';
const quiet = { warn: () => undefined, error: () => undefined };
const keys = Object.keys(metrics) as readonly MetricKey[];
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** What is recorded from now on until the test ends, and how often a series was asked for. */
function recorded(options?: MetricOptions) {
  const values: (readonly [MetricKey, Labels, number])[] = [];
  const series: (readonly [MetricKey, Labels])[] = [];
  stops.push(
    recordMetrics(
      {
        series(metric, labels) {
          series.push([metric, labels]);
          return (value) => values.push([metric, labels, value]);
        },
      },
      options,
    ),
  );
  return { values, series };
}

const over = { durationMs: 250 };
const publish = (name: string, part: 'end' | 'asyncEnd', message: object): void => {
  tracingChannel(name)[part].publish(message);
};

describe('what is published is recorded', () => {
  it('once it is complete, in seconds, and a series is asked for once', () => {
    const { values, series } = recorded();
    const decision = { mode: 'jwt', method: 'jwt', role: 'user' };
    publish('hasura-auth.authenticate', 'end', decision);
    expect(values).toEqual([]);
    publish('hasura-auth.authenticate', 'asyncEnd', { ...decision, ...over });
    publish('hasura-auth.authenticate', 'end', { ...decision, durationMs: 1 });
    const labels = { method: 'jwt', result: 'success' };
    expect(values).toEqual([
      ['decisions', labels, 0.25],
      ['decisions', labels, 0.001],
    ]);
    expect(series).toEqual([['decisions', labels]]);
  });

  it('not at all if it is neither an acceptance nor a rejection, such as by another version', () => {
    const { values } = recorded();
    publish('hasura-auth.authenticate', 'end', over);
    expect(values).toEqual([]);
  });

  it('with _OTHER for a method, a kind or a role that has no value of its own', () => {
    const { values } = recorded({ roles: ['editor'] });
    publish('hasura-auth.authenticate', 'end', { ...over, method: 'new', role: 'editor' });
    publish('hasura-auth.authenticate', 'end', { ...over, method: 'jwt', role: '__proto__' });
    publish('hasura-auth.authenticate', 'end', { ...over, kind: 'new-kind' });
    publish('hasura-auth.authenticate', 'end', { ...over, method: 'constructor', role: 'user' });
    expect(values.map(([, labels]) => labels)).toEqual([
      { method: '_OTHER', result: 'success', role: 'editor' },
      { method: 'jwt', result: 'success', role: '_OTHER' },
      { result: 'failure', 'error.type': '_OTHER' },
      { method: '_OTHER', result: 'success', role: '_OTHER' },
    ]);
  });

  it('as a look-up only in JWT mode, and only of a request with a token', () => {
    const { values } = recorded();
    const send = (message: object): void => {
      publish('hasura-auth.authenticate', 'end', { ...over, method: 'jwt', role: 'a', ...message });
    };
    send({ mode: 'webhook', fromCache: true });
    send({ mode: 'jwt' });
    send({ mode: 'jwt', fromCache: true });
    send({ mode: 'jwt', fromCache: true, kind: 'role-not-allowed' });
    send({ mode: 'jwt', fromCache: false });
    send({ mode: 'jwt', fromCache: false, kind: 'invalid-token' });
    expect(
      values.filter(([metric]) => metric === 'tokenLookups').map(([, labels]) => labels),
    ).toEqual([{ result: 'hit' }, { result: 'hit' }, { result: 'miss' }, { result: 'refused' }]);
  });

  it('for key sets, webhooks and connections by their labels', () => {
    const { values } = recorded();
    for (const failure of [undefined, undefined, 'network'])
      publish('hasura-auth.key-set', 'asyncEnd', { ...over, keySet: 'jwtSecret', failure });
    publish('hasura-auth.webhook', 'end', { ...over, fromCache: true, shared: false });
    for (const shared of [true, false])
      publish('hasura-auth.webhook', 'asyncEnd', {
        ...over,
        fromCache: false,
        shared,
        kind: 'hook-busy',
      });
    channel('hasura-auth.connection:close').publish({ cause: 'expired' });
    expect(values).toEqual([
      ['keySetFetches', { key_set: 'jwtSecret' }, 0.25],
      ['keySetFetches', { key_set: 'jwtSecret' }, 0.25],
      ['keySetFetches', { key_set: 'jwtSecret', 'error.type': 'network' }, 0.25],
      ['webhooks', { cache: 'hit' }, 0.25],
      ['webhooks', { cache: 'shared', 'error.type': 'hook-busy' }, 0.25],
      ['webhooks', { cache: 'miss', 'error.type': 'hook-busy' }, 0.25],
      ['closedConnections', { cause: 'expired' }, 1],
    ]);
  });

  it('no more once it is stopped', () => {
    const { values } = recorded();
    for (const stop of stops.splice(0)) void stop();
    publish('hasura-auth.authenticate', 'end', { ...over, method: 'jwt', role: 'user' });
    channel('hasura-auth.connection:close').publish({ cause: 'expired' });
    expect(values).toEqual([]);
  });
});

describe('the labels', () => {
  it('say for every kind of the error table whether there were credentials', () => {
    for (const kind of Object.keys(refusals))
      expect(refusalLabels(kind)).toEqual({
        result: ['missing-token', 'missing-secret'].includes(kind) ? 'none' : 'failure',
        'error.type': kind,
      });
    expect(methodLabels('unauthenticated').result).toBe('none');
    expect(methodLabels('unsecured').result).toBe('none');
  });

  it('make at most 120 series of one metric, whatever the roles', () => {
    const roles = Array.from({ length: mostRoles }, (_, index) => `role-${String(index)}`);
    expect(everySeries('decisions', undefined)).toContainEqual({
      method: 'jwt',
      result: 'success',
    });
    for (const key of keys) {
      const series = everySeries(key, roles);
      expect(series.length).toBeLessThanOrEqual(120);
      expect(new Set(series.map((labels) => JSON.stringify(labels))).size).toBe(series.length);
      const known = [...metrics[key].labels, ...(key === 'decisions' ? ['role'] : [])];
      for (const labels of series)
        for (const name of Object.keys(labels)) expect(known).toContain(name);
    }
  });

  it('have roles only from a list', () => {
    expect(parseRoles(undefined)).toBeUndefined();
    expect(parseRoles(['a', 'b', 'a'])).toEqual(['a', 'b']);
    expect(parseRoles([])).toEqual([]);
    for (const wrong of [null, 'user', {}, [1], [''], Array.from({ length: 16 }, String)])
      expect(() => parseRoles(wrong)).toThrow('roles');
  });
});

it('the table has a name of each kind once, and buckets that grow for histograms alone', () => {
  const all = Object.values(metrics);
  for (const member of ['name', 'prometheus', 'help'] as const)
    expect(new Set(all.map((metric) => metric[member])).size).toBe(all.length);
  for (const { kind, buckets, prometheus, unit } of all) {
    expect(buckets !== undefined).toBe(kind === 'histogram');
    expect(buckets ?? []).toEqual([...(buckets ?? [])].sort((one, other) => one - other));
    expect(prometheus.endsWith('_total')).toBe(kind === 'counter');
    expect(prometheus.endsWith('_seconds')).toBe(unit === 's');
  }
});

it('a histogram counts each value within the first bound that it does not exceed, or beyond all', () => {
  const values = new HistogramValues([1, 10]);
  for (const value of [0, 1, 2, 10, 11, 1000]) values.record(value);
  expect([...values.counts]).toEqual([2, 2, 2]);
  expect(values.sum).toBe(1024);
});

describe('gauges', () => {
  const own = <T extends { readonly labels: Labels }>(samples: readonly T[], keySet: string) =>
    samples.filter(({ labels }) => labels.key_set === keySet);

  it('show the oldest and the smallest of key sets with one name, and nothing of one that was closed', async () => {
    const server = await startJwksServer({ keys: [{ ...testKey('rsa').publicJwk, kid: 'a' }] });
    stops.push(() => server.close());
    const clock = virtualClock();
    const start = () => {
      const authenticator = createAuthenticator({
        adminSecret,
        jwtSecrets: [{ jwk_url: server.url }],
        logger: quiet,
        runtime: { now: () => clock.now() },
      });
      stops.push(() => authenticator.close());
      return authenticator;
    };
    const [first, second, third] = [start(), start(), start()];
    const named = 'jwtSecrets[0]';
    expect(own(readGauge('keySetAge'), named)).toEqual([]);
    await first.ready();
    clock.advance(60_000);
    await second.ready();
    expect(own(readGauge('keySetAge'), named)).toEqual([{ labels: { key_set: named }, value: 60 }]);
    expect(own(readGauge('keySetKeys'), named)).toEqual([{ labels: { key_set: named }, value: 0 }]);
    await third.close();
    expect(own(readGauge('keySetKeys'), named)).toEqual([{ labels: { key_set: named }, value: 1 }]);
    expect(
      own(
        everySeries('keySetFetches', undefined).map((labels) => ({ labels })),
        named,
      ),
    ).toHaveLength(6);
  });

  it('show the revocations in force by what they name, and nothing before there are any', async () => {
    expect([readGauge('revocations'), readGauge('revocationStaleness')]).toEqual([[], []]);
    const { revoke, close } = createAuthenticator({ adminSecret });
    stops.push(close);
    await revoke({ sub: 'mrk7' });
    await revoke({ sub: 'mrk7-other' });
    await revoke({ jti: 'mrk7' });
    expect(readGauge('revocations').map(({ labels, value }) => [labels.by, value])).toEqual([
      ['token', 0],
      ['jti', 1],
      ['sid', 0],
      ['sub', 2],
      ['issuer', 0],
    ]);
    expect(readGauge('revocationStaleness')).toEqual([{ labels: {}, value: 0 }]);

    const unread = createAuthenticator({
      adminSecret,
      revocations: {
        // eslint-disable-next-line require-yield -- it is down
        async *load() {
          await Promise.resolve();
          throw new Error('down');
        },
        subscribe: () => () => undefined,
        add: () => Promise.resolve(),
      },
      logger: { warn: () => undefined, error: () => undefined },
    });
    stops.push(unread.close);
    expect(readGauge('revocationStaleness')).toEqual([{ labels: {}, value: Infinity }]);
  });

  it('add up the connections of all authenticators', () => {
    const before = readGauge('connections')[0]?.value ?? 0;
    const opened = [1, 2].map(() => {
      const { connections, close } = createAuthenticator({ adminSecret });
      stops.push(close);
      return connections().open(() => undefined);
    });
    expect(readGauge('connections')).toEqual([{ labels: {}, value: before + 2 }]);
    for (const connection of opened) connection.closed();
  });

  it('are none of the recorded metrics, which have every series at the start instead', () => {
    for (const key of keys) {
      const isRead = ['gauge', 'up-down'].includes(metrics[key].kind);
      if (isRead) expect(everySeries(key, undefined)).toEqual([]);
      else expect(readGauge(key)).toEqual([]);
    }
  });
});

it('a fetch whose response is too large, or whose clock fails, is recorded with the failure', async () => {
  const { values } = recorded();
  let broken = false;
  const { ready } = createAuthenticator({
    adminSecret,
    jwtSecret: { jwk_url: 'https://issuer.example/jwks' },
    keySets: { maxBytes: 10 },
    fetch: async () => new Response('{"keys":[]}                  '),
    logger: quiet,
    runtime: {
      now: () => {
        if (broken) throw new RangeError('the clock broke');
        return 0;
      },
    },
  });
  await rejected(ready());
  const failing = rejected(ready());
  broken = true;
  await failing;
  expect(values.map(([, labels]) => labels)).toEqual([
    { key_set: 'jwtSecret', 'error.type': 'response' },
    { key_set: 'jwtSecret', 'error.type': 'response' },
  ]);
});

it('a webhook that fails by an error of the app is an internal error', async () => {
  const { values } = recorded();
  let broken = false;
  const { authenticate } = createAuthenticator({
    adminSecret,
    authHook: 'https://hook.example/',
    fetch: async () => {
      broken = true;
      return Response.json({ 'x-hasura-role': 'user' });
    },
    logger: quiet,
    runtime: {
      now: () => {
        if (broken) throw new RangeError('the clock broke');
        return 0;
      },
    },
  });
  await rejected(authenticate({ headers: {} }));
  expect(values.map(([metric, labels]) => [metric, labels['error.type']])).toEqual([
    ['webhooks', 'internal-error'],
    ['decisions', 'internal-error'],
  ]);
});
