import type { TokensRevocation } from '@hasura-auth/core';
import { keptLog, startTcpProxy, type KeptLog, type TcpProxy } from '@hasura-auth/testkit';
import type { RedisRevocations } from '@hasura-auth/redis';
import { withCommands } from './commands.js';
import { loaded, recorded, type Recorded } from './recorded.js';
import { clientOf, clients, describeWithRedis } from './servers.js';
import { closeStores, jti, ownNamespace, storeOn, valuesOf } from './stores.js';

/** Adds an entry, if need be several times: the pauses between connections may be longer than the store's timeout. */
async function added(store: RedisRevocations, entry: TokensRevocation): Promise<void> {
  for (;;)
    try {
      await store.add(entry);
      return;
    } catch {
      await new Promise(setImmediate);
    }
}

/** Waits until a store is connected: on a busy machine that may take longer than its timeout. */
async function connected(store: RedisRevocations): Promise<void> {
  for (;;)
    try {
      await loaded(store);
      return;
    } catch {
      await new Promise(setImmediate);
    }
}

/** A store and all that it says. */
interface Process {
  readonly store: RedisRevocations;
  readonly heard: Recorded;
  readonly log: KeptLog;
}

let proxy: TcpProxy;

describeWithRedis('when Redis fails, a revocation store', (server) => {
  let namespace: string;

  async function started(port: number, client = clientOf, timeoutMs = 5000): Promise<Process> {
    const log = keptLog();
    const heard = recorded();
    const url = `redis://127.0.0.1:${String(port)}`;
    const keep = (line: string): void => {
      log.logger.warn(line);
      heard.look();
    };
    const logger = { warn: keep, error: keep };
    const store = storeOn(url, { client: client(url), namespace, logger, timeoutMs });
    store.subscribe(heard);
    return { store, heard, log };
  }

  beforeEach(async () => {
    namespace = ownNamespace('faults');
    proxy = await startTcpProxy(server().port);
  });
  afterEach(async () => {
    closeStores();
    await proxy.close();
    server().resume();
    await server().start();
  });

  describe.each(Object.entries(clients))('through %s', (_name, client) => {
    it('passes on what was added while its connections were killed', async () => {
      const near = await started(server().port);
      const far = await started(proxy.port, client, 1000);
      await connected(far.store);
      await near.store.add(jti('before'));
      await far.heard.until(() => far.heard.entries.length === 1);
      proxy.cut();
      for (const value of ['a', 'b']) await near.store.add(jti(value));
      await far.heard.until(() => far.log.lines.length === 1);
      expect(far.log.lines).toEqual([
        expect.stringContaining('the stream of revocations cannot be followed: '),
      ]);
      await expect(far.store.add(jti('refused'))).rejects.toThrow('could not be stored in Redis');
      proxy.restore();
      await far.heard.until(() => far.heard.entries.length === 3);
      expect(valuesOf(far.heard.entries)).toEqual(['before', 'a', 'b']);
      expect(far.heard.gaps()).toBe(0);
      await added(far.store, jti('again'));
      expect(far.log.lines[1]).toContain('the stream of revocations is followed again');
    });
  });

  it('survives CLIENT KILL at any moment without losing an entry', async () => {
    const near = await started(server().port);
    const far = await started(server().port);
    await loaded(far.store);
    const values = Array.from({ length: 60 }, (_, index) => String(index));
    await withCommands(server().url, async (send) => {
      for (const [index, value] of values.entries()) {
        if (index % 10 === 5) await send('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        await near.store.add(jti(value));
      }
    });
    await far.heard.until(() => valuesOf(far.heard.entries).includes('59'));
    expect(new Set(valuesOf(far.heard.entries))).toEqual(new Set(values));
    expect(far.heard.gaps()).toBe(0);
    expect(valuesOf(await loaded(far.store)).sort()).toEqual([...values].sort());
  });

  it('asks for a full reload when the stream was trimmed past what it has read', async () => {
    const near = await started(server().port);
    const far = await started(proxy.port);
    await loaded(far.store);
    await near.store.add(jti('read'));
    await far.heard.until(() => far.heard.entries.length === 1);
    proxy.cut();
    for (const value of ['missed', 'last']) await near.store.add(jti(value));
    await withCommands(server().url, (send) =>
      send('XTRIM', `ha:{${namespace}}:log`, 'MAXLEN', '1'),
    );
    proxy.restore();
    await far.heard.until(() => far.heard.gaps() === 1);
    expect(valuesOf(await loaded(far.store)).sort()).toEqual(['last', 'missed', 'read']);
    await far.heard.until(() => valuesOf(far.heard.entries).includes('last'));
    await near.store.add(jti('next'));
    await far.heard.until(() => valuesOf(far.heard.entries).includes('next'));
    expect(far.heard.gaps()).toBe(1); // one of them is enough
  });

  it('reports that Redis came back empty, restores what it knows, and others load it', async () => {
    const [a, b] = [await started(server().port), await started(server().port)];
    for (const { store } of [a, b]) await loaded(store);
    await a.store.add(jti('known'));
    for (const { heard } of [a, b]) await heard.until(() => heard.entries.length === 1);
    await server().stop();
    await server().start();
    for (const { heard, log } of [a, b]) {
      await heard.until(() => heard.gaps() === 1);
      expect(log.lines.join()).toContain('Redis has lost revocations');
    }
    expect(await loaded(a.store)).toEqual([]);
    await a.store.restore([jti('known')]);
    await b.heard.until(() => b.heard.gaps() === 2);
    expect(valuesOf(await loaded(b.store))).toEqual(['known']);
    expect(a.log.lines.at(-1)).toContain('1 revocations that Redis had lost were stored again');
    await b.store.add(jti('new'));
    await a.heard.until(() => valuesOf(a.heard.entries).includes('new'));
  });

  it('reads all again if a replica without the end of the stream took over, and others have written to it', async () => {
    const near = await started(server().port);
    const far = await started(proxy.port);
    await loaded(far.store);
    for (const value of ['kept', 'lost']) await near.store.add(jti(value));
    await far.heard.until(() => far.heard.entries.length === 2);
    proxy.cut();
    await withCommands(server().url, async (send) => {
      const log = `ha:{${namespace}}:log`;
      const [[last]] = (await send('XREVRANGE', log, '+', '-', 'COUNT', '1')) as [[string]]; // its reply
      await send('XDEL', log, last);
    });
    await near.store.add(jti('later'));
    proxy.restore();
    await far.heard.until(() => far.heard.gaps() === 1);
    expect(far.log.lines.join()).toContain('Redis has lost revocations');
    await far.heard.until(() => valuesOf(far.heard.entries).includes('later'));
    await near.store.add(jti('next'));
    await far.heard.until(() => valuesOf(far.heard.entries).includes('next'));
    expect(far.heard.gaps()).toBe(1);
  });

  it('asks for a reload after a loss of contact if it had read nothing yet', async () => {
    const near = await started(server().port);
    const far = await started(proxy.port);
    await loaded(far.store);
    proxy.cut();
    await far.heard.until(() => far.log.lines.length === 1);
    await near.store.add(jti('x'));
    proxy.restore();
    await far.heard.until(() => far.heard.gaps() === 1 && far.heard.entries.length === 1);
  });

  it('notices that the database was emptied while it was connected', async () => {
    const one = await started(server().port);
    await loaded(one.store);
    await one.store.add(jti('known'));
    await withCommands(server().url, (send) => send('FLUSHALL'));
    await one.heard.until(() => one.heard.gaps() === 1);
  });

  it('does not restore in a circle, and never overwrites what is stored', async () => {
    const { store, log } = await started(server().port);
    await loaded(store);
    const strict: TokensRevocation = { ...jti('x'), by: 'sub', before: 200 };
    await store.add(strict);
    await store.restore([{ ...strict, before: 100 }]);
    expect(await loaded(store)).toEqual([strict]);
    const weak: TokensRevocation = { ...jti('older'), by: 'sub', before: 100 };
    await store.add(weak);
    await store.restore([jti('second')]);
    expect(await loaded(store)).toEqual(expect.arrayContaining([strict, weak])); // restored a moment ago
    expect(log.lines).toHaveLength(1);
  });

  it('fails to load without Redis, and asks for a reload as soon as Redis is there', async () => {
    proxy.cut();
    const one = await started(proxy.port, clientOf, 500);
    await expect(loaded(one.store)).rejects.toThrow('could not be loaded from Redis');
    proxy.restore();
    await one.heard.until(() => one.heard.gaps() === 1);
    await connected(one.store);
  });

  it('loses contact with a server that hangs, and follows it again when it goes on', async () => {
    const one = await started(server().port, clientOf, 500);
    await connected(one.store);
    server().pause();
    await expect(one.store.add(jti('x'))).rejects.toThrow('not done within 500 ms');
    await one.heard.until(() => one.log.lines.length > 0);
    expect(one.log.lines[0]).toContain('cannot be followed: not done within 2500 ms');
    server().resume();
    await added(one.store, jti('y'));
    await one.heard.until(() => valuesOf(one.heard.entries).includes('y'));
  });

  it('passes entries on through a slow network', async () => {
    const near = await started(server().port);
    const far = await started(proxy.port);
    await loaded(far.store);
    proxy.delay(100);
    await near.store.add(jti('x'));
    await far.heard.until(() => far.heard.entries.length === 1);
    expect(far.log.lines).toEqual([]);
  });
});
