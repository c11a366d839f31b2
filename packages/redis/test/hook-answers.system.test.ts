import { randomBytes } from 'node:crypto';
import { ConfigError } from '@hasura-auth/core';
import { keptLog, startTcpProxy, virtualClock } from '@hasura-auth/testkit';
import {
  redisHookAnswers,
  type RedisHookAnswers,
  type RedisHookAnswersOptions,
} from '@hasura-auth/redis';
import { withCommands } from './commands.js';
import { clientOf, clients, describeWithRedis } from './servers.js';

const newKey = (): string => randomBytes(32).toString('base64');
const open: RedisHookAnswers[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

/** A text that occurs in the value, and must not occur in the database. */
const marked = 'MARKED-a7f3';
const request = JSON.stringify({ authorization: `Bearer ${marked}-token` });
const value = JSON.stringify({ role: marked, variables: { 'x-hasura-user-id': marked } });

describeWithRedis('shared webhook responses', (server) => {
  const keys = [newKey()];
  const storeWith = (options: Partial<RedisHookAnswersOptions> = {}): RedisHookAnswers => {
    const log = keptLog();
    const store = redisHookAnswers({
      client: clientOf(server().url),
      keys,
      timeoutMs: 2000,
      logger: log.logger,
      ...options,
    });
    open.push(store);
    return store;
  };
  const stored = (pattern = 'ha:*'): Promise<readonly string[]> =>
    withCommands(server().url, async (send) => (await send('KEYS', pattern)) as string[]);
  const storedValues = (): Promise<readonly string[]> => stored('ha:*:hook:*');

  beforeEach(() => withCommands(server().url, (send) => send('FLUSHALL')));

  it.each(Object.entries(clients))('are passed between processes through %s', async (_, client) => {
    const [a, b] = [0, 1].map(() => storeWith({ client: client(server().url) }));
    expect(await b?.get(request)).toBeUndefined();
    await a?.set(request, value, 60_000);
    expect(await b?.get(request)).toBe(value);
    expect(await b?.get(`${request} `)).toBeUndefined();
  });

  it('are of no use without the key: the database contains no word of them', async () => {
    await storeWith().set(request, value, 60_000);
    await withCommands(server().url, async (send) => {
      const names = await storedValues();
      expect(names).toHaveLength(1);
      expect(await stored()).toHaveLength(2); // and the index
      const text = `${names.join()} ${String(await send('GET', names[0] ?? ''))}`;
      expect(text).not.toContain(marked);
      expect(Buffer.from(text, 'base64').toString('latin1')).not.toContain(marked);
    });
    expect(await storeWith({ keys: [newKey()] }).get(request)).toBeUndefined();
  });

  it('are refused if any byte was changed', async () => {
    const store = storeWith();
    await store.set(request, value, 60_000);
    await withCommands(server().url, async (send) => {
      const [name = ''] = await storedValues();
      const sealed = Buffer.from(String(await send('GET', name)), 'base64');
      for (let at = 0; at < sealed.length; at++) {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ 1;
        await send('SET', name, changed.toString('base64'));
        expect(await store.get(request)).toBeUndefined();
      }
      for (const other of ['', 'short', sealed.subarray(0, -1).toString('base64')]) {
        await send('SET', name, other);
        expect(await store.get(request)).toBeUndefined();
      }
    });
  });

  it('are refused under the name of another request', async () => {
    const store = storeWith();
    await store.set(request, value, 60_000);
    await store.set('another request', 'another value', 60_000);
    await withCommands(server().url, async (send) => {
      const [a = '', b = ''] = await storedValues();
      const [ofA, ofB] = [String(await send('GET', a)), String(await send('GET', b))];
      await send('MSET', a, ofB, b, ofA);
    });
    expect(await store.get(request)).toBeUndefined();
    expect(await store.get('another request')).toBeUndefined();
  });

  it('are readable while keys are rotated', async () => {
    const [older, newer] = [newKey(), newKey()];
    const before = storeWith({ keys: [older, newer] });
    const after = storeWith({ keys: [newer, older] });
    const last = storeWith({ keys: [newer] });
    await before.set('a', 'by the older key', 60_000);
    await after.set('b', 'by the newer key', 60_000);
    expect(await after.get('a')).toBe('by the older key');
    expect(await before.get('b')).toBe('by the newer key');
    expect(await last.get('b')).toBe('by the newer key');
    expect(await last.get('a')).toBeUndefined();
  });

  it('end by themselves', async () => {
    const store = storeWith();
    await store.set(request, value, 5000);
    await withCommands(server().url, async (send) => {
      const [name = ''] = await storedValues();
      const left = await send('PTTL', name);
      expect(left).toBeGreaterThan(1000);
      expect(left).toBeLessThanOrEqual(5000);
    });
  });

  it('are asked for by one process at a time, until it has an answer', async () => {
    const [a, b] = [storeWith(), storeWith()];
    expect(await a.lock(request, 60_000)).toBe(true);
    expect(await b.lock(request, 60_000)).toBe(false);
    expect(await b.lock('another request', 60_000)).toBe(true);
    await a.set(request, value, 60_000);
    expect(await b.lock(request, 60_000)).toBe(true);
  });

  describe.each(Object.entries(clients))('with %s', (_, client) => {
    it('are at most maxEntries in Redis: further ones are refused, with one warning', async () => {
      const log = keptLog();
      const store = storeWith({ client: client(server().url), maxEntries: 2, logger: log.logger });
      for (const key of ['a', 'b']) await store.set(key, value, 60_000);
      for (const key of ['c', 'd']) {
        expect(await store.lock(key, 60_000)).toBe(true);
        await expect(store.set(key, value, 60_000)).rejects.toThrow('no room');
        expect(await store.get(key)).toBeUndefined();
        expect(await store.lock(key, 60_000)).toBe(true); // nobody waits for what was refused
      }
      await store.set('b', 'renewed', 60_000);
      expect(await store.get('b')).toBe('renewed');
      expect(log.lines).toEqual([
        expect.stringMatching(/: 2 are in Redis, as many as maxEntries allows/),
      ]);
    });
  });

  it('make room when they end, and are not counted if they end within two seconds', async () => {
    const clock = virtualClock();
    const store = storeWith({
      maxEntries: 1,
      runtime: { now: () => clock.now(), setTimeout: clock.setTimeout },
    });
    for (const key of ['a', 'b', 'c']) await store.set(key, value, 2000);
    await store.set('d', value, 60_000);
    await expect(store.set('e', value, 60_000)).rejects.toThrow('no room');
    clock.advance(60_000);
    await store.set('e', value, 60_000);
    await store.set('e', 'unshared', 2000);
    clock.advance(2000);
    await store.set('f', value, 60_000);
  });

  it('are kept for a day at most', async () => {
    await storeWith().set(request, value, 2_147_483_647);
    await withCommands(server().url, async (send) => {
      const [name = ''] = await storedValues();
      expect(await send('PTTL', name)).toBeLessThanOrEqual(86_400_000);
    });
  });

  it('hold no process up if Redis has no memory left for them', async () => {
    const store = storeWith();
    expect(await store.lock(request, 60_000)).toBe(true);
    await withCommands(server().url, async (send) => {
      await send('CONFIG', 'SET', 'maxmemory', '1');
      await expect(store.set(request, value, 60_000)).rejects.toThrow('OOM');
      await send('CONFIG', 'SET', 'maxmemory', '0');
    });
    expect(await store.lock(request, 60_000)).toBe(true);
  });

  it('of one namespace are not those of another', async () => {
    await storeWith({ namespace: 'a' }).set(request, value, 60_000);
    expect(await storeWith({ namespace: 'b' }).get(request)).toBeUndefined();
  });

  it('reject in time when Redis hangs, at once afterwards, and say so once', async () => {
    const log = keptLog();
    const proxy = await startTcpProxy(server().port);
    const url = `redis://127.0.0.1:${String(proxy.port)}`;
    const store = storeWith({ client: clientOf(url), logger: log.logger, timeoutMs: 1000 });
    await expect(store.get(request)).resolves.toBeUndefined();
    proxy.delay(60_000);
    await expect(store.get(request)).rejects.toThrow('not done within 1000 ms');
    await expect(store.get(request)).rejects.toThrow('there is no connection to Redis');
    await expect(store.set(request, value, 1000)).rejects.toThrow('no connection');
    await expect(store.lock(request, 1000)).rejects.toThrow('no connection');
    await proxy.close();
    expect(log.lines).toEqual([
      expect.stringContaining('shared webhook responses: not done within 1000 ms'),
    ]);
  });
});

it.each<[string, unknown, string]>([
  ['no keys', { keys: undefined }, 'keys: expected a list with at least one key'],
  ['an empty list', { keys: [] }, 'keys: expected a list with at least one key'],
  ['a short key', { keys: [newKey(), 'c2hvcnQ='] }, 'keys[1]: expected 32 bytes in base64'],
  ['no text', { keys: [7] }, 'keys[0]: expected 32 bytes in base64'],
  ['no client', { client: undefined }, 'client: expected what fromNodeRedis or fromIORedis'],
  ['no room', { maxEntries: 0 }, 'maxEntries: expected a whole number of at least 1'],
  ['no time', { timeoutMs: 0 }, 'timeoutMs: expected a whole number of at least 1'],
])('shared webhook responses with %s are a ConfigError', (_, wrong, message) => {
  const options = { client: clientOf('redis://127.0.0.1:1'), keys: [newKey()] };
  const make = (): unknown => redisHookAnswers({ ...options, ...(wrong as object) });
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(message);
});
