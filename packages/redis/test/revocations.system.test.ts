import { ConfigError, type RevocationEntry } from '@hasura-auth/core';
import { keptLog } from '@hasura-auth/testkit';
import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import {
  fromIORedis,
  fromNodeRedis,
  redisRevocations,
  type RedisRevocationsOptions,
} from '@hasura-auth/redis';
import { withCommands } from './commands.js';
import { loaded, recorded } from './recorded.js';
import { clientOf, clients, describeWithRedis } from './servers.js';
import { closeStores, ownNamespace, storeOn } from './stores.js';

const inAMinute = (): number => Date.now() + 60_000;
const sub = (value: string, more: object = {}): RevocationEntry => ({
  by: 'sub',
  value,
  before: 100,
  until: inAMinute(),
  ...more,
});
const announced = (from: string): RevocationEntry => ({
  by: 'connections',
  from,
  role: 'editor',
  code: 4403,
  reason: 'Forbidden',
  until: inAMinute(),
});

afterEach(closeStores);

describeWithRedis('a revocation store', (server) => {
  describe.each(Object.entries(clients))('through %s', (_name, clientFor) => {
    it('passes an entry on to another store and keeps it for one that starts later', async () => {
      const namespace = ownNamespace('revocations');
      const [a, b] = [0, 1].map(() => storeOn('', { client: clientFor(server().url), namespace }));
      const heard = recorded();
      b?.subscribe(heard);
      expect(b && (await loaded(b))).toEqual([]);
      const entry = sub('user-1', { iss: 'https://issuer.example' });
      await a?.add(entry);
      await heard.until(() => heard.entries.length > 0);
      expect(heard.entries).toEqual([entry]);
      const later = storeOn('', { client: clientFor(server().url), namespace });
      later.subscribe(recorded());
      expect(await loaded(later)).toEqual([entry]);
    });

    it('passes an announcement on and does not keep it', async () => {
      const store = storeOn('', {
        client: clientFor(server().url),
        namespace: ownNamespace('revocations'),
      });
      const heard = recorded();
      store.subscribe(heard);
      await loaded(store);
      const entry = announced('a');
      await store.add(entry);
      await heard.until(() => heard.entries.length > 0);
      expect(heard.entries).toEqual([entry]);
      expect(await loaded(store)).toEqual([]);
    });
  });

  it('loads more entries than one part has, each once or more often', async () => {
    const store = storeOn(server().url, { namespace: ownNamespace('revocations') });
    const values = Array.from({ length: 2500 }, (_, index) => `user-${String(index)}`);
    await Promise.all(values.map((value) => store.add(sub(value))));
    const found = new Set((await loaded(store)).map((entry) => 'value' in entry && entry.value));
    expect(found.size).toBe(2500);
  });

  it('keeps entries of other issuers and kinds with the same value apart', async () => {
    const store = storeOn(server().url, { namespace: ownNamespace('revocations') });
    const until = inAMinute();
    const entries: RevocationEntry[] = [
      sub('x', { until }),
      sub('x', { until, iss: 'https://a.example' }),
      { by: 'sid', value: 'x', until },
      { by: 'jti', value: 'x', until },
      { by: 'token', value: 'x', until },
      { by: 'issuer', value: 'x', before: 1, until },
    ];
    for (const entry of entries) await store.add(entry);
    const found = await loaded(store);
    expect(found).toHaveLength(entries.length);
    expect(found).toEqual(expect.arrayContaining(entries));
  });

  it('never weakens an entry by a later one for the same user', async () => {
    const store = storeOn(server().url, { namespace: ownNamespace('revocations') });
    const until = inAMinute();
    await store.add(sub('x', { before: 200, until }));
    await store.add(sub('x', { before: 100, until: until + 5000 }));
    expect(await loaded(store)).toEqual([sub('x', { before: 200, until: until + 5000 })]);
    await store.add(sub('x', { before: 150, until: until - 5000 }));
    expect(await loaded(store)).toEqual([sub('x', { before: 200, until: until + 5000 })]);
  });

  it('shows nothing of one namespace in another', async () => {
    const [a, b] = [ownNamespace('revocations'), ownNamespace('revocations')].map((namespace) =>
      storeOn(server().url, { namespace }),
    );
    const heard = recorded();
    b?.subscribe(heard);
    expect(b && (await loaded(b))).toEqual([]);
    await a?.add(sub('x'));
    await b?.add(announced('b'));
    await heard.until(() => heard.entries.length > 0);
    expect(heard.entries).toEqual([expect.objectContaining({ by: 'connections' })]);
    expect(b && (await loaded(b))).toEqual([]);
  });

  it('rejects an entry beyond maxEntries, says so, and keeps those that it has', async () => {
    const log = keptLog();
    const { logger } = log;
    const store = storeOn(server().url, {
      namespace: ownNamespace('revocations'),
      maxEntries: 5,
      logger,
    });
    for (let index = 0; index < 3; index++) await store.add(sub(`user-${String(index)}`));
    expect(log.lines).toEqual([]);
    await store.add(sub('user-3'));
    expect(log.lines).toEqual([expect.stringContaining('4 of 5 revocations (maxEntries)')]);
    await store.add(sub('user-4'));
    await expect(store.add(sub('user-5'))).rejects.toThrow(
      'the revocation was not stored: there are 5 entries (maxEntries) in Redis',
    );
    await store.add(sub('user-4', { before: 500 })); // an entry that is there can still become stricter
    await store.add(announced('a')); // and connections can still be closed
    expect(await loaded(store)).toHaveLength(5);
  });

  it('ignores what others have written into its keys, and reports it', async () => {
    const namespace = ownNamespace('revocations');
    const log = keptLog();
    const store = storeOn(server().url, { namespace, logger: log.logger });
    const heard = recorded();
    store.subscribe(heard);
    await loaded(store);
    await store.add(sub('good'));
    await withCommands(server().url, async (send) => {
      await send('XADD', `ha:{${namespace}}:log`, '*', 'e', 'no JSON');
      await send('XADD', `ha:{${namespace}}:log`, '*', 'other', 'field');
      await send('SET', `ha:{${namespace}}:rev:jti:x`, '7');
      await send(
        'ZADD',
        `ha:{${namespace}}:revs`,
        String(inAMinute()),
        `ha:{${namespace}}:rev:jti:x`,
      );
    });
    await store.add(sub('last'));
    await heard.until(() => heard.entries.length > 1);
    expect(heard.entries).toEqual([sub('good'), sub('last')].map(ofValue));
    expect(await loaded(store)).toHaveLength(2);
    expect(log.lines.join()).toContain('an entry of the stream of revocations is not JSON');
    expect(log.lines.join()).toContain('a stored revocation is not JSON');
  });

  it('reports entries that Redis has evicted before their end', async () => {
    const namespace = ownNamespace('revocations');
    const log = keptLog();
    const store = storeOn(server().url, { namespace, logger: log.logger });
    await store.add({ by: 'jti', value: 'x', until: inAMinute() });
    await withCommands(server().url, async (send) => {
      const keys = (await send('KEYS', `ha:{${namespace}}:rev:*`)) as string[];
      await send('DEL', ...keys);
    });
    expect(await loaded(store)).toEqual([]);
    expect(log.lines).toEqual([expect.stringContaining('Redis has evicted 1 revocations')]);
  });

  it('warns at its start of a policy that evicts keys', async () => {
    const log = keptLog();
    await withCommands(server().url, async (send) => {
      await send('CONFIG', 'SET', 'maxmemory', '100mb', 'maxmemory-policy', 'volatile-lru');
      const store = storeOn(server().url, {
        namespace: ownNamespace('revocations'),
        logger: log.logger,
      });
      const heard = recorded();
      store.subscribe(heard);
      await loaded(store);
      await heard.until(() => log.lines.length > 0);
      await send('CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
    });
    expect(log.lines).toEqual([expect.stringContaining('(maxmemory-policy volatile-lru)')]);
  });

  it('says that Redis has no memory left, and stores entries again when it has', async () => {
    const namespace = ownNamespace('revocations');
    const hasty = storeOn(server().url, { namespace, timeoutMs: 1000 });
    await withCommands(server().url, async (send) => {
      await send('CONFIG', 'SET', 'maxmemory', '1');
      await expect(hasty.add(sub('x'))).rejects.toThrow('could not be stored in Redis');
      await send('CONFIG', 'SET', 'maxmemory', '0');
    });
    const store = storeOn(server().url, { namespace });
    await store.add(sub('x'));
    expect(await loaded(store)).toHaveLength(1);
  });

  it('goes on for the others when one listener throws or leaves', async () => {
    const store = storeOn(server().url, { namespace: ownNamespace('revocations') });
    const heard = recorded();
    const fail = (): never => {
      throw new Error('of the listener');
    };
    const leave = store.subscribe({ onEntry: fail, onGap: fail, onCurrent: fail });
    store.subscribe(heard);
    await loaded(store);
    await store.add(sub('a'));
    await heard.until(() => heard.entries.length === 1);
    leave();
    await store.add(sub('b'));
    await heard.until(() => heard.entries.length === 2);
  });

  it('has no connection after close, and rejects what comes then', async () => {
    const namespace = ownNamespace('revocations');
    const client = createClient({ url: server().url, name: namespace });
    const store = storeOn('', { client: fromNodeRedis(client), namespace });
    store.subscribe(recorded());
    await loaded(store);
    await withCommands(server().url, async (send) => {
      const connected = async (): Promise<number> =>
        String(await send('CLIENT', 'LIST')).split(` name=${namespace} `).length - 1;
      expect(await connected()).toBe(2);
      store.close();
      for (let tries = 0; tries < 100 && (await connected()) > 0; tries++);
      expect(await connected()).toBe(0);
    });
    await expect(store.add(sub('x'))).rejects.toThrow('there is no connection to Redis');
    expect(() => store.subscribe(recorded())).toThrow('closed');
  });
});

const ofValue = (entry: RevocationEntry): unknown =>
  expect.objectContaining('value' in entry ? { value: entry.value } : {});

describe('the options of a revocation store', () => {
  const client = clientOf('redis://127.0.0.1:1');
  const loose = (options: unknown): unknown => redisRevocations(options as RedisRevocationsOptions);

  it.each<[string, unknown, string]>([
    ['no object', undefined, 'options: expected an object'],
    ['no client', {}, 'client: expected what fromNodeRedis or fromIORedis returns'],
    ['a bare client', { client: createClient() }, 'client: expected what fromNodeRedis'],
    ['a misspelt member', { client, nameSpace: 'a' }, 'did you mean namespace?'],
    ['an empty namespace', { client, namespace: '' }, 'namespace: expected 1 to 64 letters'],
    ['a namespace with braces', { client, namespace: '{a}' }, 'namespace: expected 1 to 64'],
    ['no room', { client, maxEntries: 0 }, 'maxEntries: expected a whole number of at least 1'],
    ['a short log', { client, maxLogLength: 1 }, 'maxLogLength: expected a whole number of at'],
    ['no time', { client, timeoutMs: 0 }, 'timeoutMs: expected a whole number of at least 1'],
  ])('%s is a ConfigError', (_, options, message) => {
    expect(() => loose(options)).toThrow(ConfigError);
    expect(() => loose(options)).toThrow(message);
  });

  it('a client with a prefix, of a cluster, or of another package is a ConfigError', () => {
    expect(() => fromNodeRedis(createClient({ keyPrefix: 'a:' }))).toThrow('without keyPrefix');
    expect(() => fromIORedis(new Redis({ lazyConnect: true, keyPrefix: 'a:' }))).toThrow(
      'without keyPrefix',
    );
    const cluster = createCluster({ rootNodes: [] });
    expect(() => fromNodeRedis(cluster as never)).toThrow('expected a client of the package redis');
    const other = new Cluster([], { lazyConnect: true });
    expect(() => fromIORedis(other as never)).toThrow('expected a client of ioredis or iovalkey');
    expect(() => fromNodeRedis(undefined as never)).toThrow(ConfigError);
    expect(() => fromIORedis(createClient() as never)).toThrow(
      'client: expected a client of ioredis or iovalkey; for one of the package redis, use fromNodeRedis',
    );
    expect(() => fromIORedis({} as never)).toThrow(ConfigError);
  });
});
