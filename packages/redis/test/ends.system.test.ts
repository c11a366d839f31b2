import { virtualClock } from '@hasura-auth/testkit';
import { withCommands } from './commands.js';
import { loaded, recorded } from './recorded.js';
import { describeWithRedis } from './servers.js';
import { closeStores, ownNamespace, storeOn } from './stores.js';

const inAMinute = (): number => Date.now() + 60_000;

afterEach(closeStores);

describeWithRedis('a revocation store and the ends of its entries', (server) => {
  it('gives each key an end, a minute after the end of the entry', async () => {
    const namespace = ownNamespace('ends');
    const store = storeOn(server().url, { namespace });
    await store.add({ by: 'jti', value: 'x', until: Date.now() + 30_000 });
    await withCommands(server().url, async (send) => {
      const [key = ''] = (await send('KEYS', `ha:{${namespace}}:rev:*`)) as string[];
      const left = await send('PTTL', key);
      expect(left).toBeGreaterThan(80_000);
      expect(left).toBeLessThanOrEqual(90_000);
    });
  });

  it.each([1e16, 1e23, Number.MAX_VALUE])(
    'keeps an entry whose end is as far away as %d',
    async (end) => {
      const namespace = ownNamespace('ends');
      const store = storeOn(server().url, { namespace });
      const entry = { by: 'sub', value: 'user-1', before: 0, until: end } as const;
      await store.add(entry);
      await store.restore([entry]);
      const later = storeOn(server().url, { namespace });
      later.subscribe(recorded());
      expect(await loaded(later)).toEqual([entry]);
    },
  );

  it('keeps an entry without an end, and passes it on as one that JSON can hold', async () => {
    const namespace = ownNamespace('ends');
    const [store, later] = [
      storeOn(server().url, { namespace }),
      storeOn(server().url, { namespace }),
    ];
    const entry = { by: 'sub', value: 'user-1', before: 0, until: Infinity } as const;
    await store.add(entry);
    const [kept] = await loaded(later);
    expect(kept).toEqual({ ...entry, until: Number.MAX_VALUE });
  });

  it('loads all entries although others have written endless numbers into its keys', async () => {
    const namespace = ownNamespace('ends');
    const store = storeOn(server().url, { namespace });
    const entry = { by: 'sub', value: 'user-1', before: 100, until: inAMinute() } as const;
    await store.add(entry);
    await withCommands(server().url, async (send) => {
      const [key = ''] = (await send('KEYS', `ha:{${namespace}}:rev:*`)) as string[];
      await send('SET', key, '{"before":1e999,"until":1e999}');
      await send('ZADD', `ha:{${namespace}}:revs`, 'inf', key);
      await send('ZADD', `ha:{${namespace}}:revs`, '-inf', `${key}x`);
    });
    await store.add(entry);
    expect(await loaded(store)).toEqual([entry]);
  });

  it('removes ended entries from the index with the next one', async () => {
    const namespace = ownNamespace('ends');
    const clock = virtualClock(Date.now());
    const { now, setTimeout } = clock;
    const store = storeOn(server().url, { namespace, runtime: { now, setTimeout } });
    await store.add({ by: 'jti', value: 'short', until: clock.now() + 1000 });
    clock.advance(62_000);
    await store.add({ by: 'jti', value: 'long', until: clock.now() + 60_000 });
    await withCommands(server().url, async (send) => {
      expect(await send('ZCARD', `ha:{${namespace}}:revs`)).toBe(1);
    });
  });
});
