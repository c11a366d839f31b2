import { createAuthenticator } from '../../src/authenticator.js';
import type { AuthHook, AuthOptions } from '../../src/config/options.js';
import type { Fetch } from '../../src/runtime.js';
import { webhookCalls } from '../../src/events.js';
import type { DecisionStep } from '../../src/request.js';
import { rejection } from '../thrown.js';

const url = 'http://hook.example/path?key=marked';
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

  it('asks by the injected fetch', async () => {
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
      'an error of the system',
      Object.assign(new Error('marked'), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
    ],
    [
      'one under fetch’s own',
      new TypeError('marked', { cause: { code: 'ENOTFOUND' } }),
      'ENOTFOUND',
    ],
    ['an error without a code', new TypeError('marked'), 'the connection failed'],
    [
      'a code that is no text',
      Object.assign(new Error('marked'), { code: 7 }),
      'the connection failed',
    ],
    ['anything at all', 'marked', 'the connection failed'],
  ])('tells the log of %s, but not its words', async (_name, thrown, told) => {
    const error = await rejection(make(failing(thrown)).authenticate({ headers: {} }));
    expect(error).toMatchObject({ kind: 'hook-unreachable', cause: { name: 'RequestError' } });
    expect(lines).toEqual([
      expect.stringContaining(`auth hook http://hook.example: no answer: ${told}`),
    ]);
    expect(lines.join()).not.toContain('marked');
  });

  it('takes a fetch that throws for one that fails', async () => {
    const fetch: Fetch = () => {
      throw new Error('marked');
    };
    expect((await rejection(make(fetch).authenticate({ headers: {} }))).kind).toBe(
      'hook-unreachable',
    );
  });

  it('gives up in time, also on a fetch that does not listen', async () => {
    let fire = (): void => undefined;
    const setTimeout = (run: () => void): unknown => (fire = run);
    const asking = make(
      () => new Promise(() => undefined),
      { timeoutMs: 3 },
      { runtime: { setTimeout } },
    );
    const refused = rejection(asking.authenticate({ headers: {} }));
    await Promise.resolve();
    fire();
    expect((await refused).kind).toBe('hook-unreachable');
    expect(lines).toEqual(['auth hook http://hook.example: no answer: not done within 3 ms']);
  });

  it.each([
    [302, '', 'hook-invalid-response', '302 (text/plain): only 200 and 401 have a meaning'],
    [200, 'marked', 'hook-invalid-response', '200 (text/plain): no JSON'],
    [200, 'x'.repeat(1_048_577), 'hook-invalid-response', 'the body is larger than 1 MiB'],
    [200, '{"x-hasura-id":"marked"}', 'hook-without-role', 'there is no x-hasura-role in it'],
  ])('refuses %i with what it holds, and tells the log', async (status, body, kind, told) => {
    const headers = { 'content-type': 'text/plain' };
    const fetch: Fetch = async () => new Response(body, { status, headers });
    expect((await rejection(make(fetch).authenticate({ headers: {} }))).kind).toBe(kind);
    expect(lines).toEqual([expect.stringContaining(told)]);
    expect(lines.join()).not.toContain('marked');
  });

  it('says nothing of a 401, which is an answer like another', async () => {
    const refused = rejection(make(answering({}, { status: 401 })).authenticate({ headers: {} }));
    expect((await refused).kind).toBe('hook-unauthorized');
    expect(lines).toEqual([]);
  });

  it('warns of an end that cannot be read, and accepts', async () => {
    const fetch = answering({ ...user, Expires: 'marked', 'Cache-Control': 'marked' });
    expect(await make(fetch).authenticate({ headers: {} })).not.toHaveProperty('expiresAt');
    expect(lines).toEqual([
      'auth hook http://hook.example: its member Cache-Control cannot be read, and counts as absent',
      'auth hook http://hook.example: its member Expires cannot be read, and counts as absent',
    ]);
  });

  it('never holds a secret as a session variable', async () => {
    const fetch = answering({ ...user, 'x-hasura-admin-secret': 'a', 'X-Hasura-Access-Key': 'b' });
    const { sessionVariables } = await make(fetch).authenticate({ headers: {} });
    expect({ ...sessionVariables }).toEqual(user);
  });

  describe('tells its observer', () => {
    async function steps(fetch: Fetch, hook: Partial<AuthHook> = {}): Promise<DecisionStep[][]> {
      const { decide } = make(fetch, hook);
      const seen: DecisionStep[][] = [];
      for (let time = 0; time < 2; time++) {
        const told: DecisionStep[] = [];
        seen.push(told);
        const decided = async () => decide({ headers: {} }, (step) => told.push(step));
        await decided().catch(() => undefined);
      }
      return seen;
    }
    const step = (outcome: string): DecisionStep[] => [{ step: 'webhook', outcome }];

    it('that the hook accepted', async () => {
      expect(await steps(answering(user))).toEqual([step('accepted'), step('accepted')]);
    });
    it('that an answer was kept', async () => {
      const kept = answering({ ...user, 'Cache-Control': 'max-age=60' });
      const cache = { headers: ['cookie'] };
      expect(await steps(kept, { cache })).toEqual([step('accepted'), step('kept answer')]);
    });
    it('that the request was refused', async () => {
      const refusing = answering({}, { status: 401 });
      expect(await steps(refusing)).toEqual([step('refused'), step('refused')]);
    });
  });

  describe('publishes each call', () => {
    const events: unknown[] = [];
    const listen = (event: unknown): void => void events.push(event);
    beforeEach(() => {
      events.splice(0);
      webhookCalls.subscribe(listen);
    });
    afterEach(() => webhookCalls.unsubscribe(listen));

    it.each([
      ['accepted', answering(user), { status: 200, outcome: 'accepted' }],
      ['401', answering({}, { status: 401 }), { status: 401, outcome: 'unauthorized' }],
      ['500', answering({}, { status: 500 }), { status: 500, outcome: 'failed' }],
      ['no role', answering({}), { status: 200, outcome: 'failed' }],
      ['no answer', () => Promise.reject(new Error('marked')), { outcome: 'failed' }],
    ])('%s', async (_name, fetch, event) => {
      await make(fetch)
        .authenticate({ headers: {} })
        .catch(() => undefined);
      const durationMs = expect.any(Number);
      expect(events).toEqual([{ origin: 'http://hook.example', ...event, durationMs }]);
    });

    it('and no answer that was kept', async () => {
      const kept = answering({ ...user, 'Cache-Control': 'max-age=60' });
      const { authenticate } = make(kept, { cache: { headers: ['cookie'] } });
      for (let time = 0; time < 3; time++) await authenticate({ headers: {} });
      expect(events).toHaveLength(1);
    });
  });
});
