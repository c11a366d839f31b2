import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as timeout } from 'node:timers';
import { startRedis } from '@hasura-auth/testkit';
import type { SetTimeout } from '@hasura-auth/core';
import {
  type RedisClient,
  type RedisRevocations,
  type RedisRevocationsOptions,
} from '@hasura-auth/redis';
import { withCommands, type Send } from './commands.js';
import { loaded, recorded, type Recorded } from './recorded.js';
import { clientOf, describeWithRedis } from './servers.js';
import { closeStores, jti, ownNamespace, storeOn, valuesOf } from './stores.js';

/** A client whose connections carry out `XRANGE`, by which the stream is read, only while it is released. */
function heldReads(url: string): { client: RedisClient; hold: () => void; release: () => void } {
  let released = Promise.resolve();
  let release = (): void => undefined;
  const inner = clientOf(url);
  const client: RedisClient = {
    open() {
      const connection = inner.open();
      return {
        ready: () => connection.ready(),
        async send(command) {
          if (command[0] === 'XRANGE') await released;
          return connection.send(command);
        },
        transaction: (commands) => connection.transaction(commands),
        close: () => connection.close(),
      };
    },
  };
  const hold = (): void => {
    released = new Promise((resolve) => {
      release = resolve;
    });
  };
  return { client, hold, release: () => release() };
}

/** Timers, of which those of one duration are run by the test. */
function heldTimers(): { setTimeout: SetTimeout; pauses: number[]; endPause: () => void } {
  const pauses: number[] = [];
  let endPause = (): void => undefined;
  const setTimeout: SetTimeout = (run, ms) => {
    if (ms < 10_000) return timeout(run, ms).unref();
    pauses.push(ms);
    endPause = run;
    return undefined;
  };
  return { setTimeout, pauses, endPause: () => endPause() };
}

afterEach(closeStores);

describeWithRedis('after a failover, a revocation store', (server, kind) => {
  let namespace: string;
  let log: string;
  beforeEach(() => {
    namespace = ownNamespace('failovers');
    log = `ha:{${namespace}}:log`;
  });

  const storeOf = (options: Partial<RedisRevocationsOptions> = {}): RedisRevocations =>
    storeOn(server().url, { namespace, ...options });

  async function following(store: RedisRevocations): Promise<Recorded> {
    const heard = recorded();
    store.subscribe(heard);
    await loaded(store);
    return heard;
  }

  const idsOf = async (send: Send): Promise<string[]> =>
    ((await send('XRANGE', log, '-', '+')) as [string][]).map(([id]) => id); // its reply

  it('reads all again if the id of a lost entry was given to another one', async () => {
    const { client, hold, release } = heldReads(server().url);
    const heard = await following(storeOf({ client }));
    const near = storeOf();
    for (const value of ['kept', 'lost']) await near.add(jti(value));
    await heard.until(() => heard.entries.length === 2);
    hold();
    const other = jti('other');
    await withCommands(server().url, async (send) => {
      const [kept = '', lost = ''] = await idsOf(send);
      await send('MULTI');
      await send('DEL', log);
      await send('XADD', log, kept, 'e', JSON.stringify(jti('kept')));
      await send('XADD', log, lost, 'e', JSON.stringify(other));
      await send('EXEC');
    });
    release();
    await heard.until(() => heard.gaps() === 1 && valuesOf(heard.entries).includes('other'));
    await near.add(jti('next'));
    await heard.until(() => valuesOf(heard.entries).includes('next'));
    expect(heard.gaps()).toBe(1);
  });

  it('reads all again if an entry that it has added itself was lost before it was read', async () => {
    const { client, hold, release } = heldReads(server().url);
    const store = storeOf({ client });
    const heard = await following(store);
    const near = storeOf();
    await near.add(jti('kept'));
    await heard.until(() => heard.entries.length === 1);
    hold();
    await store.add(jti('lost'));
    await withCommands(server().url, async (send) => {
      await send('XDEL', log, (await idsOf(send)).at(-1) ?? '');
    });
    await near.add(jti('later'));
    release();
    await heard.until(() => heard.gaps() === 1);
    await near.add(jti('next'));
    await heard.until(() => valuesOf(heard.entries).includes('next'));
    await store.add(jti('last'));
    await heard.until(() => valuesOf(heard.entries).includes('last'));
    expect(heard.gaps()).toBe(1);
  });

  it('passes an announcement on once, although the stream is read from its beginning again', async () => {
    const store = storeOf();
    const heard = await following(storeOf());
    const announcement = {
      by: 'connections',
      from: 'a',
      role: 'editor',
      code: 4403,
      reason: 'Forbidden',
      until: Date.now() + 60_000,
    } as const;
    await store.add(announcement);
    await store.add(jti('lost'));
    await heard.until(() => heard.entries.length === 2);
    await withCommands(server().url, async (send) => {
      await send('XDEL', log, (await idsOf(send)).at(-1) ?? '');
    });
    await store.add(jti('next'));
    await heard.until(() => heard.gaps() === 1 && valuesOf(heard.entries).includes('next'));
    expect(heard.entries.filter(({ by }) => by === 'connections')).toEqual([announcement]);
    await store.add({ ...announcement, until: announcement.until + 1 });
    await heard.until(() => heard.entries.filter(({ by }) => by === 'connections').length === 2);
  });

  it('reads all entries although the server restarts between two parts of them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hasura-auth-'));
    const own = await startRedis(kind, ['--dir', folder, '--appendonly', 'no']);
    try {
      const writer = storeOn(own.url, { namespace, timeoutMs: 15_000 });
      const values = Array.from({ length: 6000 }, (_, index) => String(index));
      await Promise.all(values.map((value) => writer.add(jti(value))));
      await withCommands(own.url, (send) => send('SAVE'));
      const store = storeOn(own.url, { namespace, timeoutMs: 15_000 });
      const found = new Set<unknown>();
      let reads = 0;
      for await (const entry of store.load()) {
        for (const value of valuesOf([entry])) found.add(value);
        reads += 1;
        if (reads !== 1500) continue;
        await own.stop();
        await own.start();
      }
      expect(found).toEqual(new Set(values));
      expect(reads).toBeGreaterThan(values.length); // it began again
    } finally {
      closeStores();
      await own.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('takes none of many entries that it has added itself at once for lost', async () => {
    const store = storeOf({ timeoutMs: 15_000 }); // a busy machine may take more than the default
    const heard = await following(store);
    await store.add(jti('first')); // many at once in an empty stream may have been trimmed
    await heard.until(() => heard.entries.length === 1);
    const values = Array.from({ length: 1200 }, (_, index) => String(index));
    await Promise.all(values.map((value) => store.add(jti(value))));
    await heard.until(() => heard.entries.length > values.length);
    await store.add(jti('last'));
    await heard.until(() => valuesOf(heard.entries).includes('last'));
    expect(heard.gaps()).toBe(0);
  });

  it('asks for a reload after the pause if entries were lost again during it, and pauses longer then', async () => {
    const { setTimeout, pauses, endPause } = heldTimers();
    const store = storeOf({ runtime: { setTimeout } });
    const heard = await following(store);
    await store.restore([jti('a')]);
    await store.restore([jti('b')]);
    expect(valuesOf(await loaded(store))).toEqual(['a']); // it was restored a moment ago
    expect(heard.gaps()).toBe(0);
    endPause();
    expect(heard.gaps()).toBe(1);
    await store.restore([jti('b')]);
    expect(valuesOf(await loaded(store)).sort()).toEqual(['a', 'b']);
    endPause();
    expect(heard.gaps()).toBe(1);
    await store.restore([jti('c')]);
    expect(pauses).toEqual([10_000, 20_000, 10_000]);
  });

  it('asks for a reload after the pause if entries could not be stored again', async () => {
    const { setTimeout, endPause } = heldTimers();
    const store = storeOf({ runtime: { setTimeout } });
    const heard = await following(store);
    await withCommands(server().url, async (send) => {
      await send('CONFIG', 'SET', 'maxmemory', '1');
      await expect(store.restore([jti('a')])).rejects.toThrow('could not be stored in Redis');
      await send('CONFIG', 'SET', 'maxmemory', '0');
    });
    endPause();
    expect(heard.gaps()).toBe(1);
  });
});
