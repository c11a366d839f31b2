import { createAdapter } from '../src/adapter.js';
import { createAuthenticator } from '../src/authenticator.js';
import type { AuthOptions } from '../src/config/options.js';
import { AuthError } from '../src/errors.js';
import { authentications } from '../src/observability/channels.js';
import type { OnRefused } from '../src/on-refused.js';
import type { AuthRequest } from '../src/request.js';
import { mistake, rejected } from './thrown.js';

const adminSecret = 'a-secret-of-some-length';
const wrong = { 'x-hasura-admin-secret': 'wrong' };
const hook = (): AuthOptions => ({
  authHook: 'http://127.0.0.1:9/',
  fetch: () => Promise.resolve(new Response('', { status: 401 })),
});

describe('onRefused', () => {
  it.each<[string, AuthOptions, string]>([
    ['at once', {}, 'missing-secret'],
    ['later', hook(), 'hook-unauthorized'],
  ])('gets each rejection and the request, %s', async (_, options, kind) => {
    const onRefused = jest.fn<void, Parameters<OnRefused>>();
    const authenticator = createAuthenticator({ adminSecret, ...options, onRefused });
    const request = { headers: {}, url: '/a' };
    await rejected(authenticator.authenticate(request));
    await rejected((async () => authenticator.decide(request))());
    await rejected(authenticator.authenticateConnection({ headers: {} }));
    expect(onRefused.mock.calls.map(([error]) => error.kind)).toEqual([kind, kind, kind]);
    expect(onRefused.mock.calls[0]?.[1]).toBe(request);
    await authenticator.authenticate({ headers: { 'x-hasura-admin-secret': adminSecret } });
    expect(onRefused).toHaveBeenCalledTimes(3);
  });

  it('gets each connection whose parameters cannot be read, and metrics count it', async () => {
    const onRefused = jest.fn<void, Parameters<OnRefused>>();
    const authenticator = createAuthenticator({ adminSecret, onRefused });
    const ends: unknown[] = [];
    const listen = (event: unknown): void => void ends.push((event as { kind?: string }).kind);
    authentications.end.subscribe(listen);
    const request = { headers: {}, connectionParams: { headers: 'none' } };
    try {
      await rejected(authenticator.authenticateConnection(request));
      const connection = authenticator.connections().open(() => undefined);
      await rejected(connection.authenticate(request));
    } finally {
      authentications.end.unsubscribe(listen);
    }
    const kinds = ['bad-connection-params', 'bad-connection-params'];
    expect(onRefused.mock.calls.map(([error]) => error.kind)).toEqual(kinds);
    expect(ends).toEqual(kinds);
  });

  it('gets what a guard rejects, once', async () => {
    const onRefused = jest.fn();
    const adapter = createAdapter({ adminSecret, onRefused });
    const outcomes = { accept: () => 1, refuse: () => 2, forward: () => 3 };
    const request = { headers: {} };
    const error = new AuthError('role-guard');
    const check = (): never => {
      throw error;
    };
    expect(adapter.guard(check, request, outcomes)).toBe(2);
    expect(await adapter.guard(async () => check(), request, outcomes)).toBe(2);
    expect(onRefused.mock.calls).toEqual([
      [error, request],
      [error, request],
    ]);
  });

  it('gets no error of the app', async () => {
    const onRefused = jest.fn();
    const onSession = (): never => {
      throw new Error('broken');
    };
    const authenticator = createAuthenticator({ unsecured: true, onSession, onRefused });
    await rejected(authenticator.authenticate({ headers: {} }));
    expect(onRefused).not.toHaveBeenCalled();
  });

  it.each<[string, OnRefused]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('changes nothing if it %s', async (_, onRefused) => {
    const authenticator = createAuthenticator({ adminSecret, onRefused });
    const error = await rejected(authenticator.authenticate({ headers: {} }));
    expect(error).toMatchObject({ kind: 'missing-secret' });
  });

  it('is a function, and logRefusals true or false', () => {
    const wrongly = (options: object) => () => createAuthenticator({ adminSecret, ...options }); // what JavaScript passes
    expect(mistake(wrongly({ onRefused: 'log' })).option).toBe('onRefused');
    expect(mistake(wrongly({ logRefusals: 'yes' })).option).toBe('logRefusals');
  });
});

describe('logRefusals', () => {
  function logged(options: AuthOptions = {}) {
    const lines: string[] = [];
    let time = 0;
    const authenticator = createAuthenticator({
      adminSecret,
      logRefusals: true,
      logger: { warn: (line) => void lines.push(line), error: (line) => void lines.push(line) },
      runtime: { now: () => time },
      ...options,
    });
    return {
      lines,
      passTime: (ms: number) => {
        time += ms;
      },
      refuse: (request: Partial<AuthRequest> & { originalUrl?: string } = {}) =>
        rejected(authenticator.authenticate({ headers: wrong, ...request })),
    };
  }

  it('writes nothing by default', async () => {
    const { lines, refuse } = logged({ logRefusals: false });
    await refuse();
    expect(lines).toEqual([]);
  });

  it('writes status, kind, reason, method and path', async () => {
    const { lines, refuse } = logged();
    await refuse({ method: 'GET', url: '/a/b' });
    expect(lines).toEqual([
      'rejected with 401 wrong-secret (invalid x-hasura-admin-secret/x-hasura-access-key): GET /a/b',
    ]);
  });

  it('writes no query, no other line and no endless one', async () => {
    const { lines, refuse } = logged();
    await refuse({ method: 'GET', url: '/a?token=marked#b' });
    await refuse({ method: 'GET', url: '/b', originalUrl: '/mounted/b?c' });
    await refuse({ method: 'G\nT', url: '/a\r\nb\u2028é' });
    await refuse({ method: 'GET', url: `/${'a'.repeat(10_000)}` });
    await refuse();
    expect(lines.map((line) => line.replace(/^.*\): /, ''))).toEqual([
      'GET /a',
      'GET /mounted/b',
      'G?T /a??b??',
      `GET /${'a'.repeat(199)}`,
      'a connection',
    ]);
    expect(lines.join()).not.toContain('marked');
  });

  it('writes at most 60 lines a minute, and then how many it left out', async () => {
    const { lines, passTime, refuse } = logged();
    for (let time = 0; time < 100; time++) await refuse();
    expect(lines).toHaveLength(60);
    passTime(59_999);
    await refuse();
    expect(lines).toHaveLength(60);
    passTime(1);
    await refuse();
    expect(lines.slice(60)).toEqual([
      'rejected: 41 more that are not in this log',
      expect.stringContaining('wrong-secret'),
    ]);
    passTime(-60_000);
    await refuse();
    expect(lines).toHaveLength(63);
  });
});
