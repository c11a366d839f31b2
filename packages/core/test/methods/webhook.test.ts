import { AsyncLocalStorage } from 'node:async_hooks';
import { createAuthenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import type { Fetch } from '../../src/runtime.js';
import { webhookCalls } from '../../src/observability/channels.js';
import type { DecisionStep } from '../../src/request.js';
import type { AuthHook, HookAnswerStore } from '../../src/webhook/options.js';
import { rejection } from '../thrown.js';

const url = 'https://hook.example/path?key=marked';
const user = { 'x-hasura-role': 'user' };

describe('the webhook method', () => {
  const lines: string[] = [];
  const logger = {
    warn: (line: string) => lines.push(line),
    error: (line: string) => lines.push(line),
  };
  beforeEach(() => lines.splice(0));

  const make = (fetch: Fetch, hook: Partial<AuthHook> = {}, more: AuthOptions = {}) =>
    createAuthenticator({
      adminSecret: 'a-long-admin-secret',
      authHook: { url, ...hook },
      fetch,
      logger,
      ...more,
    });
  const answering = (body: unknown, init?: ResponseInit): jest.MockedFunction<Fetch> =>
    jest.fn<ReturnType<Fetch>, Parameters<Fetch>>(async () => Response.json(body, init));

  const failing =
    (thrown: unknown): Fetch =>
    async () => {
      throw thrown;
    };

  it('calls the hook by the injected fetch', async () => {
    const fetch = answering(user);
    const session = await make(fetch).authenticate({ headers: { cookie: 'a' } });
    expect(session).toMatchObject({ role: 'user', method: 'webhook', backendOnly: false });
    expect(fetch).toHaveBeenCalledWith(url, {
      method: 'GET',
      headers: { cookie: 'a' },
      redirect: 'manual',
      signal: expect.any(AbortSignal),
    });
  });

  it.each([
    [
      'an error of the system by its code',
      Object.assign(new Error('marked'), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
    ],
    [
      'the cause of fetch’s own error',
      new TypeError('marked', { cause: { code: 'ENOTFOUND' } }),
      'ENOTFOUND',
    ],
    ['an error without a code', new TypeError('marked'), 'the connection failed'],
    [
      'a code that is no text',
      Object.assign(new Error('marked'), { code: 7 }),
      'the connection failed',
    ],
    ['something that is no error', 'marked', 'the connection failed'],
  ])('logs %s, but not its words', async (_name, thrown, logged) => {
    const error = await rejection(make(failing(thrown)).authenticate({ headers: {} }));
    expect(error).toMatchObject({ kind: 'hook-unreachable', cause: { name: 'RequestError' } });
    expect(lines).toEqual([
      expect.stringContaining(`auth hook https://hook.example: no answer: ${logged}`),
    ]);
    expect(lines.join()).not.toContain('marked');
  });

  it('refuses if fetch throws instead of rejecting', async () => {
    const fetch: Fetch = () => {
      throw new Error('marked');
    };
    expect((await rejection(make(fetch).authenticate({ headers: {} }))).kind).toBe(
      'hook-unreachable',
    );
  });

  it('stops waiting in time, even if fetch ignores the signal', async () => {
    let fire = (): void => undefined;
    const setTimeout = (run: () => void): unknown => (fire = run);
    const waiting = make(
      () => new Promise(() => undefined),
      { timeoutMs: 3 },
      { runtime: { setTimeout } },
    );
    const refused = rejection(waiting.authenticate({ headers: {} }));
    await Promise.resolve();
    fire();
    expect((await refused).kind).toBe('hook-unreachable');
    expect(lines).toEqual(['auth hook https://hook.example: no answer: not done within 3 ms']);
  });

  it.each([
    [302, '', 'hook-invalid-response', '302 (text/plain): only 200 and 401 have a meaning'],
    [200, 'marked', 'hook-invalid-response', '200 (text/plain): no JSON'],
    [200, 'x'.repeat(1_048_577), 'hook-invalid-response', 'the body is larger than 1 MiB'],
    [200, '{"x-hasura-id":"marked"}', 'hook-without-role', 'it contains no x-hasura-role'],
  ])(
    'refuses a response with status %i and this body, and logs why',
    async (status, body, kind, logged) => {
      const headers = { 'content-type': 'text/plain' };
      const fetch: Fetch = async () => new Response(body, { status, headers });
      expect((await rejection(make(fetch).authenticate({ headers: {} }))).kind).toBe(kind);
      expect(lines).toEqual([expect.stringContaining(logged)]);
      expect(lines.join()).not.toContain('marked');
    },
  );

  it('logs nothing for a 401, which is a normal response', async () => {
    const refused = rejection(make(answering({}, { status: 401 })).authenticate({ headers: {} }));
    expect((await refused).kind).toBe('hook-unauthorized');
    expect(lines).toEqual([]);
  });

  it('warns of an expiry that cannot be read, and accepts', async () => {
    const fetch = answering({ ...user, Expires: 'marked', 'Cache-Control': 'marked' });
    expect(await make(fetch).authenticate({ headers: {} })).not.toHaveProperty('expiresAt');
    expect(lines).toEqual([
      'auth hook https://hook.example: its member Cache-Control cannot be read, and counts as absent',
      'auth hook https://hook.example: its member Expires cannot be read, and counts as absent',
    ]);
  });

  it('passes the cookies of a 401 on with the refusal, each by itself', async () => {
    const headers = new Headers([
      ['set-cookie', 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      ['set-cookie', 'b=2'],
    ]);
    const asking = make(async () => new Response('', { status: 401, headers }));
    expect((await rejection(asking.authenticate({ headers: {} }))).headers).toMatchObject({
      'Set-Cookie': ['a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'b=2'],
    });
  });

  it('passes no cookies of another refusal on', async () => {
    const headers = { 'set-cookie': 'a=1' };
    const asking = make(async () => new Response('', { status: 403, headers }));
    expect((await rejection(asking.authenticate({ headers: {} }))).headers).not.toHaveProperty(
      'Set-Cookie',
    );
  });

  it('refuses at once if a timer cannot be set, and never calls the hook', async () => {
    const fetch = answering(user);
    const setTimeout = (): never => {
      throw new Error('marked');
    };
    const refused = rejection(
      make(fetch, {}, { runtime: { setTimeout } }).authenticate({ headers: {} }),
    );
    expect((await refused).kind).toBe('hook-unreachable');
    expect(fetch).not.toHaveBeenCalled();
    expect(lines).toEqual(['auth hook https://hook.example: no answer: the connection failed']);
  });

  it('refuses as it would if the logger throws while the hook fails', async () => {
    const fail = (): never => {
      throw new Error('marked');
    };
    const failed = make(
      answering({}, { status: 500 }),
      {},
      { logger: { warn: fail, error: fail } },
    );
    expect((await rejection(failed.authenticate({ headers: {} }))).kind).toBe(
      'hook-invalid-response',
    );
  });

  it('logs few lines, each short, whatever names a hook makes up', async () => {
    let calls = 0;
    const asking = make(async () => Response.json({ [`${String(calls++)}a`.padEnd(1e6, 'b')]: 1 }));
    for (let request = 0; request < 50; request++)
      await rejection(asking.authenticate({ headers: {} }));
    expect(lines).toHaveLength(20);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(250);
  });

  describe('limits the calls in progress', () => {
    const responses: (() => void)[] = [];
    const held: Fetch = () =>
      new Promise((resolve) => responses.push(() => resolve(Response.json(user))));
    const respond = (): void => responses.splice(0).forEach((send) => send());
    beforeEach(() => responses.splice(0));

    it('to maxConcurrent, refuses more with 503, and goes on when calls have ended', async () => {
      const { authenticate } = make(held, { maxConcurrent: 2 });
      const ask = () => authenticate({ headers: {} });
      for (let round = 0; round < 3; round++) {
        const first = [ask(), ask()];
        expect(await rejection(ask())).toMatchObject({
          kind: 'hook-busy',
          code: 'unexpected',
          message: 'webhook authentication request failed',
          status: 503,
          engineStatus: 500,
          headers: { 'Retry-After': '1' },
        });
        respond();
        await Promise.all(first);
      }
      expect(lines).toEqual([
        'auth hook https://hook.example: a request was refused because 2 calls are in progress (authHook.maxConcurrent)',
      ]);
    });

    it('and counts calls that fail as ended', async () => {
      const { authenticate } = make(failing(new Error('marked')), { maxConcurrent: 1 });
      for (let request = 0; request < 3; request++)
        expect((await rejection(authenticate({ headers: {} }))).kind).toBe('hook-unreachable');
    });

    it('to 1000 by default', async () => {
      const { authenticate } = make(held);
      const all = Array.from({ length: 1000 }, () => authenticate({ headers: {} }));
      expect((await rejection(authenticate({ headers: {} }))).kind).toBe('hook-busy');
      respond();
      await Promise.all(all);
    });

    it('but not the requests that share a call or a kept response', async () => {
      const cache = { headers: ['cookie'] };
      const { authenticate } = make(held, { maxConcurrent: 1, cache });
      const all = Array.from({ length: 5 }, () => authenticate({ headers: {} }));
      await Promise.resolve();
      respond();
      expect(new Set(await Promise.all(all)).size).toBe(1);
    });
  });

  it('never holds a secret as a session variable', async () => {
    const fetch = answering({ ...user, 'x-hasura-admin-secret': 'a', 'X-Hasura-Access-Key': 'b' });
    const { sessionVariables } = await make(fetch).authenticate({ headers: {} });
    expect({ ...sessionVariables }).toEqual(user);
  });

  describe('informs its observer', () => {
    async function steps(fetch: Fetch, hook: Partial<AuthHook> = {}): Promise<DecisionStep[][]> {
      const { decide } = make(fetch, hook);
      const seen: DecisionStep[][] = [];
      for (let time = 0; time < 2; time++) {
        const steps: DecisionStep[] = [];
        seen.push(steps);
        const decided = async () => decide({ headers: {} }, (step) => steps.push(step));
        await decided().catch(() => undefined);
      }
      return seen;
    }
    const step = (outcome: string): DecisionStep[] => [
      { step: 'admin-secret', outcome: 'absent' },
      { step: 'webhook', outcome },
    ];

    it('that the hook accepted', async () => {
      expect(await steps(answering(user))).toEqual([step('accepted'), step('accepted')]);
    });
    it('that a kept response was used', async () => {
      const kept = answering({ ...user, 'Cache-Control': 'max-age=60' });
      const cache = { headers: ['cookie'] };
      expect(await steps(kept, { cache })).toEqual([step('accepted'), step('cached response')]);
    });
    it('that the request was refused', async () => {
      const refusing = answering({}, { status: 401 });
      expect(await steps(refusing)).toEqual([step('refused'), step('refused')]);
    });
  });

  describe('publishes an event for each question to the hook', () => {
    const events: object[] = [];
    const listen = (event: object): void => void events.push({ ...event });
    const kept = (event: object): void => {
      if ('durationMs' in event && event.durationMs !== undefined) listen(event);
    };
    beforeEach(() => {
      events.splice(0);
      webhookCalls.end.subscribe(kept as (event: unknown) => void);
      webhookCalls.asyncEnd.subscribe(listen as (event: unknown) => void);
    });
    afterEach(() => {
      webhookCalls.end.unsubscribe(kept as (event: unknown) => void);
      webhookCalls.asyncEnd.unsubscribe(listen as (event: unknown) => void);
    });
    const common = {
      origin: 'https://hook.example',
      mode: 'GET',
      fromCache: false,
      shared: false,
      durationMs: expect.any(Number),
    };

    it.each([
      ['accepted', answering(user), { status: 200, outcome: 'accepted' }],
      [
        '401',
        answering({}, { status: 401 }),
        { status: 401, outcome: 'unauthorized', kind: 'hook-unauthorized' },
      ],
      [
        '500',
        answering({}, { status: 500 }),
        { status: 500, outcome: 'failed', kind: 'hook-invalid-response' },
      ],
      ['no role', answering({}), { status: 200, outcome: 'failed', kind: 'hook-without-role' }],
      [
        'no answer',
        () => Promise.reject(new Error('marked')),
        { outcome: 'failed', kind: 'hook-unreachable' },
      ],
    ])('with the outcome: %s', async (_name, fetch, event) => {
      await make(fetch)
        .authenticate({ headers: {} })
        .catch(() => undefined);
      expect(events).toEqual([{ ...common, ...event }]);
    });

    describe('with a store of several processes', () => {
      const storing = (over: Partial<HookAnswerStore>): AuthHook['cache'] => ({
        headers: ['cookie'],
        shared: {
          get: async () => undefined,
          set: async () => undefined,
          lock: async () => true,
          ...over,
        },
      });
      const keeping = (): jest.MockedFunction<Fetch> =>
        answering({ ...user, 'Cache-Control': 'max-age=60' });

      it('one also for the call that it leaves to this process, with the call inside', async () => {
        const around = new AsyncLocalStorage<object>();
        webhookCalls.start.bindStore(around);
        const inside: unknown[] = [];
        const fetch: Fetch = (...call) => {
          inside.push(around.getStore());
          return keeping()(...call);
        };
        try {
          await make(fetch, { cache: storing({}) }).authenticate({ headers: {} });
        } finally {
          webhookCalls.start.unbindStore(around);
        }
        expect(events).toEqual([{ ...common, status: 200, outcome: 'accepted' }]);
        expect(inside).toEqual([expect.objectContaining({ outcome: 'accepted', shared: false })]);
      });

      it('one for the call that another process has made, which is shared', async () => {
        let saved: string | undefined;
        const cache = storing({
          get: async () => saved,
          set: async (_key, text) => {
            saved = text;
          },
        });
        await make(keeping(), { cache }).authenticate({ headers: {} });
        events.splice(0);
        const fetch = keeping();
        await make(fetch, { cache }).authenticate({ headers: {} });
        expect(fetch).not.toHaveBeenCalled();
        expect(events).toEqual([{ ...common, shared: true, outcome: 'accepted' }]);
      });

      it('two for a kept response that a call renews', async () => {
        const random = jest.spyOn(Math, 'random').mockReturnValue(0); // a response is always due
        try {
          let time = Date.now();
          const runtime = { now: () => time++ }; // a call takes some milliseconds
          const { authenticate } = make(keeping(), { cache: storing({}) }, { runtime });
          await authenticate({ headers: {} });
          events.splice(0);
          await authenticate({ headers: {} });
          for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
        } finally {
          random.mockRestore();
        }
        expect(events).toEqual([
          { ...common, fromCache: true, outcome: 'accepted' },
          { ...common, status: 200, outcome: 'accepted' },
        ]);
      });
    });

    it('and says of the later ones that a kept response was used', async () => {
      const fetch = answering({ ...user, 'Cache-Control': 'max-age=60' });
      const { authenticate } = make(fetch, { cache: { headers: ['cookie'] } });
      for (let time = 0; time < 3; time++) await authenticate({ headers: {} });
      const later = { ...common, outcome: 'accepted', fromCache: true };
      expect(events).toEqual([{ ...common, status: 200, outcome: 'accepted' }, later, later]);
    });

    it('and says of an equal one at the same time that it shared the call', async () => {
      const fetch = answering({ ...user, 'Cache-Control': 'max-age=60' });
      const { authenticate } = make(fetch, { cache: { headers: ['cookie'] } });
      await Promise.all([authenticate({ headers: {} }), authenticate({ headers: {} })]);
      expect(events).toEqual([
        { ...common, status: 200, outcome: 'accepted' },
        { ...common, outcome: 'accepted', shared: true },
      ]);
      expect(fetch).toHaveBeenCalledTimes(1);
    });

    it('and of one that has to call the hook itself after all, since the other response set a cookie', async () => {
      const fetch = answering(user, { headers: { 'set-cookie': 'a=1' } });
      const { authenticate } = make(fetch, { cache: { headers: ['cookie'] } });
      await Promise.all([authenticate({ headers: {} }), authenticate({ headers: {} })]);
      const called = { ...common, status: 200, outcome: 'accepted' };
      expect(events).toEqual([called, called]);
      expect(fetch).toHaveBeenCalledTimes(2);
    });
  });
});
