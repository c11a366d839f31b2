import { randomBytes } from 'node:crypto';
import { ConfigError } from '@hasura-auth/core';
import { keptLog, startTcpProxy } from '@hasura-auth/testkit';
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
  const stored = (): Promise<readonly string[]> =>
    withCommands(server().url, async (send) => (await send('KEYS', 'ha:*')) as string[]);

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
      const names = await stored();
      expect(names).toHaveLength(1);
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
      const [name = ''] = await stored();
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
      const [a = '', b = ''] = await stored();
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
      const [name = ''] = await stored();
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
  ['no time', { timeoutMs: 0 }, 'timeoutMs: expected a whole number of at least 1'],
])('shared webhook responses with %s are a ConfigError', (_, wrong, message) => {
  const options = { client: clientOf('redis://127.0.0.1:1'), keys: [newKey()] };
  const make = (): unknown => redisHookAnswers({ ...options, ...(wrong as object) });
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(message);
});
