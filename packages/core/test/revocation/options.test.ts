import { parseRevocations } from '../../src/revocation/options.js';
import { memoryRevocations } from '../../src/revocation/memory-store.js';
import type { RevocationEntry } from '../../src/revocation/store.js';
import { mistake, rejected } from '../thrown.js';
import { heldStore } from './held-store.js';

describe('the option revocations', () => {
  const byDefault = {
    store: undefined,
    maxStalenessMs: undefined,
    maxEntries: 100_000,
    maxTokenLifetimeMs: 86_400_000,
  };

  it('is a store, or an object with one, or nothing', () => {
    const { store } = heldStore();
    expect(parseRevocations(undefined)).toEqual(byDefault);
    expect(parseRevocations({})).toEqual(byDefault);
    expect(parseRevocations(store)).toEqual({ ...byDefault, store });
    expect(parseRevocations({ store }).store).toBe(store);
  });

  it('may be an object of a class', () => {
    class Store {
      async *load(): AsyncGenerator<RevocationEntry> {}
      subscribe = () => () => undefined;
      add = () => Promise.resolve();
    }
    const store = new Store();
    expect(parseRevocations(store).store).toBe(store);
    expect(parseRevocations({ store }).store).toBe(store);
  });

  it('waits a minute for a store before it refuses, or longer for a slow one', () => {
    const refusing = (currentEveryMs?: number) =>
      parseRevocations({ store: heldStore(currentEveryMs).store, onUnavailable: 'refuse' });
    expect(refusing().maxStalenessMs).toBe(60_000);
    expect(refusing(5000).maxStalenessMs).toBe(60_000);
    expect(refusing(100_000).maxStalenessMs).toBe(200_000);
  });

  it.each<[string, unknown]>([
    ['revocations: expected an object, got a string', 'redis'],
    ['revocations: "stores" is unknown; did you mean store?', { stores: {} }],
    [
      'revocations: expected an object with the functions load, subscribe and add',
      { load: () => [] },
    ],
    [
      'revocations.store: expected an object with the functions load, subscribe and add',
      { store: {} },
    ],
    ['revocations.store: expected a revocation store, got a string', { store: 'redis' }],
    [
      'revocations.store.restore: expected a function, got a boolean',
      { store: { ...heldStore().store, restore: true } },
    ],
    ['revocations.onUnavailable: expected one of allow, refuse', { onUnavailable: 'deny' }],
    [
      "revocations.maxStalenessMs: it has an effect with onUnavailable: 'refuse' only; set both, or neither",
      { maxStalenessMs: 1000 },
    ],
    [
      'revocations.maxStalenessMs: expected a whole number of at least 4000, got a number',
      { store: heldStore(2000).store, onUnavailable: 'refuse', maxStalenessMs: 3999 },
    ],
    [
      'revocations.currentEveryMs: expected a whole number of at least 1, got a number',
      heldStore(0).store,
    ],
    [
      'revocations.maxEntries: expected a whole number of at least 1, got a number',
      { maxEntries: 0 },
    ],
    [
      'revocations.maxTokenLifetimeMs: expected a whole number of at least 1, got Infinity',
      { maxTokenLifetimeMs: Infinity },
    ],
  ])('%s', (message, value) => {
    expect(mistake(() => parseRevocations(value)).message).toBe(message);
  });
});

describe('a store in memory', () => {
  const until = Date.now() + 60_000;
  const load = async (store: ReturnType<typeof memoryRevocations>) => {
    const entries: RevocationEntry[] = [];
    for await (const entry of store.load()) entries.push(entry);
    return entries;
  };

  it('keeps one entry for what is the same, never shorter than before', async () => {
    const store = memoryRevocations();
    await store.add({ by: 'sub', value: '1', before: 5, until });
    await store.add({ by: 'sub', value: '1', before: 3, until: until - 1 });
    await store.add({ by: 'sub', value: '1', before: 3, withoutSid: true, until });
    await store.add({ by: 'sub', value: '1', iss: 'a', before: 3, until });
    await store.add({ by: 'sid', value: '1', until });
    await store.add({ by: 'sid', value: '1', until: until + 1 });
    await store.add({ by: 'connections', from: 'x', role: 'a', code: 4403, reason: '', until });
    expect(await load(store)).toEqual([
      { by: 'sub', value: '1', before: 5, until },
      { by: 'sub', value: '1', before: 3, withoutSid: true, until },
      { by: 'sub', value: '1', iss: 'a', before: 3, until },
      { by: 'sid', value: '1', until: until + 1 },
    ]);
  });

  it('rejects what finds no room, and removes what has ended', async () => {
    let now = 0;
    const store = memoryRevocations({ maxEntries: 1, now: () => now });
    await store.add({ by: 'jti', value: '1', until: 10 });
    await store.add({ by: 'jti', value: '1', until: 20 });
    expect(String(await rejected(store.add({ by: 'jti', value: '2', until: 20 })))).toBe(
      'Error: memoryRevocations: 1 entries are kept already',
    );
    now = 20;
    expect(await load(store)).toEqual([]);
    await store.add({ by: 'jti', value: '2', until: 30 });
    expect(await load(store)).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['memoryRevocations: "max" is unknown; known are maxEntries, now', { max: 1 }],
    ['memoryRevocations.now: expected a function', { now: 1 }],
    [
      'memoryRevocations.maxEntries: expected a whole number of at least 1, got a number',
      { maxEntries: 0 },
    ],
  ])('%s', (message, options) => {
    expect(mistake(() => memoryRevocations(options)).message).toBe(message);
  });
});
