import { virtualClock, type Clock } from '@hasura-auth/testkit';
import { createAuthenticator } from '../../src/authenticator.js';
import { AuthError, isAuthError } from '../../src/errors.js';
import { decision, gatherVariables } from '../../src/session.js';
import type { HookAnswerStore } from '../../src/webhook/options.js';
import { hookCache, type CallHook, type HookDecision } from '../../src/webhook/cache.js';
import type { HookRequest } from '../../src/webhook/request.js';
import { sharedAnswers } from '../../src/webhook/shared-answers.js';

const request: HookRequest = { method: 'GET', headers: { authorization: 'Bearer a' } };
const hook = { url: 'http://127.0.0.1:3000/', mode: 'GET', timeoutMs: 10_000 } as const;

/** A store in memory, as a process sees it. */
interface MemoryStore extends HookAnswerStore {
  readonly values: Map<string, string>;
  readonly ends: Map<string, number>;
  readonly locks: Set<string>;
}

function memoryStore(clock: Clock): MemoryStore {
  const values = new Map<string, string>();
  const ends = new Map<string, number>();
  const locks = new Set<string>();
  return {
    values,
    ends,
    locks,
    get: async (key) => (clock.now() < (ends.get(key) ?? 0) ? values.get(key) : undefined),
    async set(key, value, ms) {
      values.set(key, value);
      ends.set(key, clock.now() + ms);
      locks.delete(key);
    },
    async lock(key) {
      if (locks.has(key)) return false;
      locks.add(key);
      return true;
    },
  };
}

let clock: Clock;
let store: MemoryStore;
beforeEach(() => {
  clock = virtualClock();
  store = memoryStore(clock);
});

const decided = (more: Partial<HookDecision> = {}, cookies?: [string, string][]): HookDecision => {
  const variables = gatherVariables([['x-hasura-user-id', '7']]);
  const keepUntil = clock.now() + 60_000;
  return {
    decision: decision(
      { role: 'user', variables, method: 'webhook', expiresAt: keepUntil },
      cookies,
      clock.now(),
    ),
    keepUntil,
    length: 10,
    askedAt: clock.now(),
    tookMs: 5,
    ...more,
  };
};
const answersOf = (
  on: HookAnswerStore = store,
  {
    isRevoked = () => false,
    maxKeepMs = Infinity,
    ...config
  }: Partial<typeof hook> & { isRevoked?: () => boolean; maxKeepMs?: number } = {},
) => sharedAnswers(on, { ...hook, ...config }, clock, { isRevoked, maxKeepMs });
/** Lets everything happen that waits for promises alone. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

describe('a response that processes share', () => {
  it('is that of the one call, with the same session', async () => {
    const call = jest.fn(async () => decided());
    const first = await answersOf().find(request, call);
    await settle();
    const second = await answersOf().find(request, call);
    expect(call).toHaveBeenCalledTimes(1);
    expect(second).toEqual(first);
    expect(second.decision.session).toEqual(first.decision.session);
    expect(Object.isFrozen(second.decision.session)).toBe(true);
  });

  it('is kept for as long as the hook said', async () => {
    await answersOf().find(request, async () => decided({ keepUntil: clock.now() + 1234 }));
    await settle();
    expect([...store.ends.values()]).toEqual([clock.now() + 1234]);
  });

  it('is kept for maxKeepMs at most', async () => {
    await answersOf(store, { maxKeepMs: 1000 }).find(request, async () => decided());
    await settle();
    expect([...store.ends.values()]).toEqual([clock.now() + 1000]);
  });

  it('is saved for as long as a timer can wait, if the hook said more', async () => {
    await answersOf().find(request, async () => decided({ keepUntil: 1e22 }));
    await settle();
    expect([...store.ends.values()]).toEqual([clock.now() + 2_147_483_647]);
  });

  it.each<[string, HookRequest, Partial<{ url: string; mode: 'POST' }>]>([
    ['other headers', { method: 'GET', headers: { authorization: 'Bearer b' } }, {}],
    ['another header', { method: 'GET', headers: { cookie: 'Bearer a' } }, {}],
    ['another hook', request, { url: 'http://127.0.0.1:3000/other' }],
    ['another mode', request, { mode: 'POST' }],
  ])('is not that of %s', async (_name, other, config) => {
    const call = jest.fn(async () => decided());
    await answersOf().find(request, call);
    await settle();
    await answersOf(store, config as never).find(other, call);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('is used if another process has saved it between the look and the lock', async () => {
    const first = jest.fn(async () => decided());
    const second = jest.fn(async () => decided());
    const late: HookAnswerStore = {
      ...store,
      async lock(key, ms) {
        await answersOf().find(request, first); // the whole call of the other process
        await settle();
        return store.lock(key, ms);
      },
    };
    const found = await answersOf(late).find(request, second);
    expect(found).toEqual(await answersOf().find(request, second));
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).not.toHaveBeenCalled();
    await settle();
    expect(store.locks.size).toBe(0);
  });

  it('is waited for while another process calls the hook', async () => {
    let answer: (decision: HookDecision) => void = () => undefined;
    const call = jest.fn(() => new Promise<HookDecision>((resolve) => (answer = resolve)));
    const asking = answersOf().find(request, call);
    await settle();
    const waiting = answersOf().find(request, call);
    await settle();
    answer(decided());
    await asking;
    await settle();
    clock.advance(10);
    expect((await waiting).decision.session.role).toBe('user');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it.each<[string, number | undefined, number, Partial<typeof hook>]>([
    ['a second, before the process knows how long a call takes', undefined, 1000, {}],
    ['twice what a call usually takes', 150, 300, {}],
    ['a second if a call takes longer', 4000, 1000, {}],
    ['a tenth of a second if calls take almost no time', 1, 100, {}],
    ['timeoutMs', undefined, 500, { timeoutMs: 500 as never }],
  ])(
    'is waited for at most %s, then the process calls the hook itself',
    async (_time, tookMs, waitMs, config) => {
      const never: CallHook = () => new Promise(() => undefined);
      void answersOf().find(request, never);
      await settle();
      const answers = answersOf(store, config);
      if (tookMs !== undefined)
        await answers.find({ method: 'GET', headers: {} }, async () => decided({ tookMs }));
      const call = jest.fn(async () => decided());
      const waiting = answers.find(request, call);
      await settle();
      for (let passed = 0; passed < waitMs - 10; passed += 10) {
        clock.advance(10);
        await settle();
      }
      expect(call).not.toHaveBeenCalled();
      for (let passed = 0; passed < 110; passed += 10) {
        clock.advance(10);
        await settle();
      }
      expect(call).toHaveBeenCalledTimes(1);
      await waiting;
      expect(await answersOf().find(request, never)).toEqual(await waiting); // no further process waits
    },
  );

  it.each<[string, () => HookDecision]>([
    ['without an end', () => decided({ keepUntil: undefined })],
    ['that has ended', () => decided({ keepUntil: clock.now() })],
    ['with a cookie', () => decided({}, [['Set-Cookie', 'a=1']])],
  ])('is none %s: nothing of it is kept, and no process waits for it', async (_name, response) => {
    const call = jest.fn(async () => response());
    await answersOf().find(request, call);
    await settle();
    expect([...store.values.values()]).toEqual(['{"unshared":true}']);
    await answersOf().find(request, call);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('is never a refusal, and no process waits for one', async () => {
    const call = jest.fn(async () => {
      throw new AuthError('hook-unauthorized');
    });
    for (let process = 0; process < 2; process++) {
      const refused: unknown = await answersOf()
        .find(request, call)
        .catch((error: unknown) => error);
      expect(isAuthError(refused) && refused.kind).toBe('hook-unauthorized');
      await settle();
    }
    expect(call).toHaveBeenCalledTimes(2);
    expect([...store.values.values()]).toEqual(['{"unshared":true}']);
  });

  it('is asked for anew if its session was revoked since', async () => {
    const call = jest.fn(async () => decided());
    await answersOf().find(request, call);
    await settle();
    await answersOf(store, { isRevoked: () => true }).find(request, call);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['no JSON', 'no JSON'],
    ['no object', '7'],
    ['no role', { role: '' }],
    ['a role of another type', { role: 7 }],
    ['no variables', { variables: null }],
    ['a variable of another type', { variables: { 'x-hasura-user-id': 7 } }],
    ['another variable', { variables: { cookie: 'a' } }],
    ['no end', { keepUntil: null }],
    ['no end of the session', { expiresAt: null }],
    ['an end of another type', { keepUntil: '9e15' }],
    ['no length', { length: null }],
    ['no time of the call', { askedAt: null }],
    ['no duration', { tookMs: null }],
  ])('is ignored if the store returns %s', async (_name, changed) => {
    const call = jest.fn(async () => decided());
    await answersOf().find(request, call);
    await settle();
    for (const [key, text] of store.values)
      store.values.set(
        key,
        typeof changed === 'string'
          ? changed
          : JSON.stringify({ ...(JSON.parse(text) as object), ...changed }),
      );
    await answersOf().find(request, call);
    expect(call).toHaveBeenCalledTimes(2);
  });
});

describe('a store that fails', () => {
  const fail = (): never => {
    throw new Error('of the store');
  };
  const call = jest.fn(async () => decided());
  beforeEach(() => call.mockClear());

  it.each<[string, () => HookAnswerStore]>([
    ['throws', () => ({ get: fail, set: fail, lock: fail })],
    ['cannot lock', () => ({ ...store, lock: async () => fail() })],
    ['cannot keep', () => ({ ...store, set: async () => fail() })],
    ['returns something else', () => ({ ...store, get: async () => 7 as never })],
  ])('makes no difference if it %s: the hook is called', async (_name, make) => {
    await answersOf(make()).find(request, call);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('that does not take a response makes no process wait for it', async () => {
    const fussy: HookAnswerStore = {
      ...store,
      set: async (key, text, ms) =>
        text.includes('unshared') ? store.set(key, text, ms) : Promise.reject(new Error('full')),
    };
    for (let process = 0; process < 2; process++) {
      await answersOf(fussy).find(request, call);
      await settle();
    }
    expect(call).toHaveBeenCalledTimes(2);
    expect(store.locks.size).toBe(0);
  });

  it('that never answers holds a request up for a second at most', async () => {
    const hangs = (): Promise<never> => new Promise(() => undefined);
    const found = answersOf({ get: hangs, set: hangs, lock: hangs }).find(request, call);
    await settle();
    expect(call).not.toHaveBeenCalled();
    clock.advance(1000);
    await found;
    expect(call).toHaveBeenCalledTimes(1);
  });
});

describe('a response that is kept and shared', () => {
  const cacheOf = (random: () => number) =>
    hookCache(10, clock.now, { shared: answersOf(), random });

  it('is asked for shortly before its end, while clients still get it', async () => {
    const random = jest.fn(() => 1);
    const cache = cacheOf(random);
    const call = jest.fn(async () => decided({ tookMs: 100 }));
    const first = await cache.get(request, call);
    clock.advance(59_900);
    expect(cache.get(request, call)).toBe(first); // not due: ln 1 is 0
    expect(call).toHaveBeenCalledTimes(1);
    random.mockReturnValue(Math.exp(-1.1));
    expect(cache.get(request, call)).toBe(first);
    expect(cache.get(request, call)).toBe(first); // it is being asked for
    await settle();
    expect(call).toHaveBeenCalledTimes(2);
    clock.advance(1000);
    const second = cache.get(request, call);
    expect(second).not.toBe(first);
    expect(second).not.toBeInstanceOf(Promise);
  });

  it('is asked for early by one process only', async () => {
    const caches = [0, 1].map(() => cacheOf(() => 1));
    const call = jest.fn(async () => decided({ tookMs: 100 }));
    for (const cache of caches) {
      await cache.get(request, call);
      await settle();
    }
    store.locks.add(JSON.stringify([hook.url, hook.mode, request.headers])); // another process refreshes it
    clock.advance(59_999);
    const early = hookCache(10, clock.now, { shared: answersOf(), random: () => 0.1 });
    const kept = await early.get(request, call);
    expect(early.get(request, call)).toBe(kept);
    await settle();
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('stays until its end if the hook fails meanwhile', async () => {
    const cache = cacheOf(() => 0);
    const call = jest.fn<Promise<HookDecision>, []>(async () => decided());
    const first = await cache.get(request, call);
    await settle();
    call.mockRejectedValue(new AuthError('hook-unreachable'));
    expect(cache.get(request, call)).toBe(first);
    await settle();
    expect(cache.get(request, call)).toBe(first);
    expect(await answersOf().find(request, call)).toMatchObject({ length: 10 });
  });

  it.each([
    ['fails', 'hook-unreachable', 10],
    ['is answered with 401', 'hook-unauthorized', 20],
  ] as const)('holds no process up if its renewal %s', async (_what, kind, length) => {
    const cache = cacheOf(() => 0);
    const call = jest.fn<Promise<HookDecision>, []>(async () => decided());
    await cache.get(request, call);
    await settle();
    call.mockRejectedValueOnce(new AuthError(kind));
    void cache.get(request, call);
    await settle();
    expect(store.locks.size).toBe(0);
    // Of what the hook has rejected nothing is left, here and in the store.
    const isKept = kind === 'hook-unreachable';
    expect(cache.get(request, async () => decided()) instanceof Promise).toBe(!isKept);
    const another = async () => decided({ length: 20 });
    expect(await answersOf().find(request, another)).toMatchObject({ length });
    clock.advance(60_000);
    expect(await answersOf().find(request, another)).toMatchObject({ length: 20 });
  });

  it('that comes after clear() is not kept', async () => {
    const cache = cacheOf(() => 0);
    const call = jest.fn(async () => decided());
    await cache.get(request, call);
    await settle();
    void cache.get(request, call);
    cache.clear();
    await settle();
    expect(call).toHaveBeenCalledTimes(2);
    expect(cache.get(request, call)).toBeInstanceOf(Promise);
  });
});

it('two authenticators with one store make one call', async () => {
  const calls: string[] = [];
  const start = () =>
    createAuthenticator({
      adminSecret: 'a-long-admin-secret',
      authHook: { url: hook.url, cache: { headers: ['Authorization'], shared: store } },
      runtime: { now: () => clock.now(), setTimeout: clock.setTimeout },
      fetch: async (url) => {
        calls.push(String(url));
        return Response.json({ 'x-hasura-role': 'user', 'cache-control': 'max-age=60' });
      },
    });
  for (let count = 0; count < 2; count++) {
    const { authenticate, close } = start();
    const session = await authenticate({ headers: { authorization: 'Bearer a' } });
    expect(session.role).toBe('user');
    await settle();
    await close();
  }
  expect(calls).toEqual([hook.url]);
});

it('after clear() a shared response from before is not used in this process', async () => {
  let calls = 0;
  const make = () =>
    createAuthenticator({
      adminSecret: false,
      authHook: { url: hook.url, cache: { headers: ['authorization'], shared: store } },
      fetch: async () => {
        calls++;
        return Response.json({ 'x-hasura-role': 'user', 'cache-control': 'max-age=60' });
      },
      runtime: { now: () => clock.now(), setTimeout: clock.setTimeout },
      logger: { warn: () => undefined, error: () => undefined },
    });
  const [cleared, other] = [make(), make()];
  const asked = { headers: { authorization: 'Bearer a' } };
  for (const authenticator of [cleared, other]) {
    await authenticator.authenticate(asked);
    await settle();
  }
  expect(calls).toBe(1);
  cleared.clear();
  clock.advance(1);
  await cleared.authenticate(asked);
  await settle();
  expect(calls).toBe(2);
  await cleared.authenticate(asked);
  await other.authenticate(asked);
  expect(calls).toBe(2);
});
