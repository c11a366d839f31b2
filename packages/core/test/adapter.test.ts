import { runInNewContext } from 'node:vm';
import { createAdapter, guardByDefault, toError, type Outcomes } from '../src/adapter.js';
import { createAuthenticator } from '../src/authenticator.js';
import type { HasuraAuthOptions } from '../src/shared-authenticator.js';
import type { ErrorResponse } from '../src/error-response.js';
import { AuthError, isAuthError } from '../src/errors.js';
import type { MaybePromise } from '../src/maybe-promise.js';
import type { AuthRequest } from '../src/request.js';
import type { Decision } from '../src/session.js';
import { mistake } from './thrown.js';

const loose = (options: unknown) => createAdapter(options as HasuraAuthOptions); // what JavaScript passes
const request = { headers: {} };
const right = { headers: { 'x-hasura-admin-secret': 'secret' } };

type Outcome = [name: 'accept' | 'refuse' | 'forward', given: unknown];

/** Outcomes that are kept in the order in which they are called. */
function keptOutcomes<Value>(): {
  readonly called: Outcome[];
  readonly outcomes: Outcomes<Value, number>;
} {
  const called: Outcome[] = [];
  return {
    called,
    outcomes: {
      accept: (value) => called.push(['accept', value]),
      refuse: (response) => called.push(['refuse', response]),
      forward: (error) => called.push(['forward', error]),
    },
  };
}

async function handled(options: HasuraAuthOptions, given: AuthRequest): Promise<Outcome[]> {
  const { called, outcomes } = keptOutcomes<Decision>();
  await createAdapter(options).handle(given, outcomes);
  return called;
}

/** A webhook that answers later. */
const hook = (status: number, headers: HeadersInit = {}): HasuraAuthOptions => ({
  adminSecret: 'secret',
  authHook: 'http://127.0.0.1:9/',
  fetch: () => Promise.resolve(new Response('{"x-hasura-role":"user"}', { status, headers })),
  logger: { warn: () => undefined, error: () => undefined },
});

describe('the options of an adapter', () => {
  it('make an authenticator of its own', () => {
    const adapter = createAdapter({ adminSecret: 'secret' });
    expect(adapter.owned).toBe(true);
    expect(adapter.authenticator.errorResponse).toBe('http');
  });

  it('may hold an authenticator that is shared', () => {
    const authenticator = createAuthenticator({ adminSecret: 'secret', errorResponse: 'engine' });
    const adapter = createAdapter({ authenticator });
    expect(adapter.authenticator).toBe(authenticator);
    expect(adapter.owned).toBe(false);
  });

  it('are read from the environment if there are none', async () => {
    const name = 'HASURA_GRAPHQL_ADMIN_SECRET';
    const before = process.env[name];
    process.env[name] = 'from-the-environment';
    try {
      const headers = { 'x-hasura-admin-secret': 'from-the-environment' };
      const { authenticator } = createAdapter();
      expect(await authenticator.decide({ headers })).toMatchObject({ session: { role: 'admin' } });
      process.env[name] = '';
      expect(mistake(() => createAdapter()).message).toContain(name);
    } finally {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    }
  });

  it('have defaults from the adapter, behind the app’s own', () => {
    const lines: string[] = [];
    const logger = (name: string) => ({
      warn: (message: string) => void lines.push(`${name} ${message}`),
      error: () => undefined,
    });
    const unknown = {
      adminSecret: 'an-admin-secret-of-some-length',
      jwtSecret: JSON.stringify({ type: 'HS256', key: 'a'.repeat(32), unknown: 1 }),
    };
    createAdapter(unknown, { logger: logger('framework') });
    createAdapter({ ...unknown, logger: logger('app') }, { logger: logger('framework') });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['framework', 'app']);
  });

  it('are refused if they hide each other, or hold no authenticator', () => {
    const authenticator = createAuthenticator({ adminSecret: 'secret' });
    expect(mistake(() => loose({ authenticator, adminSecret: 'other' })).message).toBe(
      'options: "adminSecret" has no effect beside authenticator; pass it to createAuthenticator instead',
    );
    expect(mistake(() => loose({ authenticator, errorResponce: 'http' })).message).toBe(
      'options: "errorResponce" is unknown; did you mean errorResponse?',
    );
    for (const wrong of [undefined, null, {}, 'a', { decide: true }, []])
      expect(mistake(() => loose({ authenticator: wrong })).message).toBe(
        'authenticator: expected what createAuthenticator returns',
      );
    for (const wrong of ['secret', 5, [], true])
      expect(mistake(() => loose(wrong)).message).toContain('options: expected an object');
    expect(mistake(() => loose({ authenticator, errorResponse: 'json' })).message).toBe(
      'errorResponse: expected one of http, engine, graphql, metadata, problem, forward',
    );
  });
});

describe('handle calls one outcome and returns what it returns', () => {
  it('at once where nothing has to be waited for', () => {
    const { called, outcomes } = keptOutcomes<Decision>();
    const adapter = createAdapter({ adminSecret: 'secret' });
    expect(adapter.handle(right, outcomes)).toBe(1);
    expect(adapter.handle(request, outcomes)).toBe(2);
    expect(called).toMatchObject([
      ['accept', { session: { role: 'admin' }, headers: [] }],
      ['refuse', { status: 401 }],
    ]);
  });

  it('later where a webhook is asked', async () => {
    expect(await handled(hook(200, { 'set-cookie': 'a=b' }), request)).toMatchObject([
      ['accept', { session: { role: 'user' }, headers: [['Set-Cookie', 'a=b']] }],
    ]);
    expect(await handled(hook(401), request)).toMatchObject([['refuse', { status: 401 }]]);
  });

  it('refuse for headers that cannot be read', async () => {
    const strange = { headers: 'x-hasura-admin-secret: secret' } as unknown as AuthRequest;
    const options = { adminSecret: 'secret', unauthorizedRole: 'anonymous' };
    expect(await handled(options, strange)).toMatchObject([['refuse', { status: 400 }]]);
  });

  it.each<[string, HasuraAuthOptions]>([
    ['at once', { adminSecret: 'secret', errorResponse: 'forward' }],
    ['later', { ...hook(401), errorResponse: 'forward' }],
  ])('forward in that style, %s', async (_, options) => {
    expect(await handled(options, request)).toEqual([['forward', expect.any(AuthError)]]);
  });

  const broken = new Error('broken');
  it.each<[string, HasuraAuthOptions, AuthRequest]>([
    ['at once', { adminSecret: 'secret' }, right],
    ['later', hook(200), request],
  ])('forward for what accept throws, %s', async (_, options, given) => {
    const { called, outcomes } = keptOutcomes<Decision>();
    const accept = (): never => {
      throw broken;
    };
    await createAdapter(options).handle(given, { ...outcomes, accept });
    expect(called).toEqual([['forward', broken]]);
  });

  it.each<[string, HasuraAuthOptions]>([
    ['at once', { adminSecret: 'secret' }],
    ['later', hook(401)],
  ])('forward for what refuse throws, %s', async (_, options) => {
    const { called, outcomes } = keptOutcomes<Decision>();
    const refuse = (): never => {
      throw broken;
    };
    await createAdapter(options).handle(request, { ...outcomes, refuse });
    expect(called).toEqual([['forward', broken]]);
  });
});

describe('an app’s own errorResponse', () => {
  const answered = (errorResponse: unknown, options = { adminSecret: 'secret' }) =>
    handled({ ...options, errorResponse } as HasuraAuthOptions, request);

  it('gets the error and the request', async () => {
    const own = jest.fn(() => ({ status: 418 }));
    expect(await answered(own)).toMatchObject([['refuse', { status: 418 }]]);
    expect(own).toHaveBeenCalledWith(expect.any(AuthError), request);
  });

  it('may be async', async () => {
    expect(await answered(async () => ({ status: 418, body: { a: 1 } }))).toMatchObject([
      ['refuse', { status: 418, body: '{"a":1}' }],
    ]);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['0', 0],
    ['an empty string', ''],
    ['the word route', 'route'],
    ['the word router', 'router'],
    ['an object', { status: 200 }],
  ])('that throws %s, at once or later, is forwarded as an Error', async (_, thrown) => {
    const throwing = (): never => {
      // Such as JavaScript allows.

      throw thrown;
    };
    for (const own of [throwing, async () => throwing()]) {
      const [outcome, ...more] = await answered(own);
      expect(more).toEqual([]);
      expect(outcome).toEqual(['forward', expect.any(Error)]);
      expect((outcome?.[1] as Error).cause).toBe(thrown);
    }
  });

  it('that returns no response is forwarded with the name of the option', async () => {
    for (const own of [() => undefined, async () => ({ status: 0 })])
      expect(await answered(own)).toEqual([
        [
          'forward',
          expect.objectContaining({ message: expect.stringMatching(/^errorResponse: /) }),
        ],
      ]);
  });
});

it('a refusal goes to the framework without the value of a claim that its message quotes', async () => {
  const { called, outcomes } = keptOutcomes<Decision>();
  const error = new AuthError('invalid-claims', { detail: 'found: ', quoted: 'a value' });
  const adapter = createAdapter({ adminSecret: 'secret', errorResponse: 'forward' });
  await adapter.refuse(error, request, outcomes);
  expect(called).toEqual([['forward', expect.any(AuthError)]]);
  const forwarded = called[0]?.[1] as AuthError;
  expect(forwarded).toMatchObject({ message: 'found: ', kind: 'invalid-claims', status: 401 });
  expect(forwarded.stack).not.toContain('a value');
});

describe('what only looks like a refusal', () => {
  const brand = Symbol.for('@hasura-auth/AuthError');
  const looksLike = (kind: string): unknown[] => [
    Object.assign(new Error('a'), { [brand]: {}, kind, status: 200 }),
    Object.assign(new Error('a'), { [brand]: {}, kind, status: 401, headers: { 'x\n': 'a' } }),
    { [brand]: {}, kind, status: 401 },
  ];
  async function refused(thrown: unknown, errorResponse: ErrorResponse): Promise<Outcome[]> {
    expect(isAuthError(thrown)).toBe(true);
    const { called, outcomes } = keptOutcomes<Decision>();
    const adapter = createAdapter({ adminSecret: 'secret', errorResponse });
    await adapter.refuse(thrown, request, outcomes);
    return called;
  }
  function expectAnswerable(called: Outcome[]): void {
    expect(called).toEqual([['forward', expect.any(Error)]]);
    const { status = 500, headers } = called[0]?.[1] as { status?: number; headers?: unknown };
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers ?? {}).not.toHaveProperty(['x\n']);
  }

  it('goes to the framework as an error that it can answer, if errorResponse throws it', async () => {
    for (const thrown of [...looksLike('missing-token'), ...looksLike('unknown-kind')])
      expectAnswerable(
        await refused(new AuthError('missing-token'), () => {
          throw thrown as Error;
        }),
      );
  });

  it('does so too if it was thrown itself and is of no known kind', async () => {
    for (const thrown of looksLike('unknown-kind')) expectAnswerable(await refused(thrown, 'http'));
  });

  it('is answered with the status and headers of its kind if that is known', async () => {
    const headers = { 'WWW-Authenticate': 'Bearer realm="hasura"' };
    for (const thrown of looksLike('missing-token'))
      expect(await refused(thrown, 'http')).toMatchObject([['refuse', { status: 401, headers }]]);
  });
});

describe('a refusal', () => {
  const status = async (options: HasuraAuthOptions): Promise<unknown> => {
    const [outcome] = await handled(options, request);
    return outcome?.[0] === 'refuse' ? (outcome[1] as { status: number }).status : outcome?.[0];
  };

  it('is answered in the style of the app', async () => {
    expect(await status({ adminSecret: 'a', unauthorizedRole: 'b' })).toBe('accept');
    expect(await status({ adminSecret: 'a', errorResponse: 'graphql' })).toBe(200);
    expect(await status({ adminSecret: 'a', errorResponse: 'forward' })).toBe('forward');
  });

  it('is answered as the shared authenticator does, unless this app says otherwise', async () => {
    const authenticator = createAuthenticator({ adminSecret: 'a', errorResponse: 'graphql' });
    expect(await status({ authenticator })).toBe(200);
    expect(await status({ authenticator, errorResponse: 'http' })).toBe(401);
  });

  it('names the realm of the app, also if a guard or a handler threw it', async () => {
    const { called, outcomes } = keptOutcomes<void>();
    const options = { adminSecret: 'a', realm: 'api' };
    const adapter = createAdapter({ authenticator: createAuthenticator(options) });
    const error = new AuthError('missing-token');
    await adapter.refuse(error, request, outcomes);
    await adapter.guard(
      () => {
        throw error;
      },
      request,
      outcomes,
    );
    const headers = { 'WWW-Authenticate': 'Bearer realm="api"' };
    expect(called).toMatchObject([
      ['refuse', { headers }],
      ['refuse', { headers }],
    ]);
  });
});

describe('a guard', () => {
  const refusing = (): never => {
    throw new AuthError('role-guard');
  };
  const engine = createAdapter({ adminSecret: 'a', errorResponse: 'engine' });

  it.each<[string, () => MaybePromise<void>]>([
    ['at once', () => undefined],
    ['later', async () => undefined],
  ])('accepts %s', async (_, check) => {
    const { called, outcomes } = keptOutcomes<void>();
    await engine.guard(check, request, outcomes);
    expect(called).toEqual([['accept', undefined]]);
  });

  it('refuses in the style of the app, and by HTTP’s rules without one', async () => {
    const { called, outcomes } = keptOutcomes<void>();
    await engine.guard(refusing, request, outcomes);
    await guardByDefault(async () => refusing(), request, outcomes);
    expect(called).toMatchObject([
      ['refuse', { status: 400 }],
      ['refuse', { status: 403 }],
    ]);
  });
});

describe('what was thrown, as an Error', () => {
  it('is itself if it is one', () => {
    for (const error of [new Error('a'), new AuthError('missing-token'), new TypeError('b')])
      expect(toError(error)).toBe(error);
  });

  it('of another realm is itself too', () => {
    const foreign: unknown = runInNewContext('new Error("a")');
    expect(foreign instanceof Error).toBe(false);
    expect(toError(foreign)).toBe(foreign);
  });

  it('has the headers that were checked, although they are computed or inherited', () => {
    const headers = { 'X-A': '1' };
    class Limited extends Error {
      readonly #seconds = 5;
      get headers(): Record<string, string> {
        return { 'Retry-After': String(this.#seconds) };
      }
    }
    const inherited = Object.create(Object.assign(new Error('a'), { headers })) as Error;
    for (const [error, expected] of [
      [new Limited('a'), { 'Retry-After': '5' }],
      [inherited, headers],
    ] as const) {
      const settled = toError(error);
      expect(settled).not.toBe(error);
      expect(settled).toMatchObject({ message: 'a', headers: expected });
      expect(settled).toBeInstanceOf(Error);
      expect(Object.getOwnPropertyDescriptor(settled, 'headers')?.value).toEqual(expected);
    }
    expect(toError(Object.assign(new Error('a'), { headers: null }))).toMatchObject({
      message: 'a',
      headers: null,
    });
  });

  it('loses headers that are others each time they are read', () => {
    let reads = 0;
    const error = Object.defineProperty(new Error('a'), 'headers', {
      get: () => (reads++ === 0 ? {} : { 'a b': 'c' }),
    });
    expect(toError(error)).toMatchObject({ message: 'a', headers: undefined });
  });

  it.each([undefined, null, 0, '', 'route', { message: 'a' }])(
    'is the cause of one: %j',
    (thrown) => {
      expect(toError(thrown)).toMatchObject({ cause: thrown });
      expect(toError(thrown)).toBeInstanceOf(Error);
    },
  );

  it('does not hold a proxy that cannot be asked, which would make a log fail', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(toError(proxy).cause).toBeUndefined();
    expect(toError(proxy)).toBeInstanceOf(Error);
  });

  const withGetter = (name: string): Error =>
    Object.defineProperty(new Error('a'), name, {
      enumerable: true,
      get() {
        throw new Error('not for you');
      },
    });

  it.each(['name', 'message', 'stack', 'status', 'statusCode', 'headers', 'code', 'expose', 'own'])(
    'does not hold an error whose member %s cannot be read, nor one that such an error caused',
    (name) => {
      const unreadable = withGetter(name);
      const caused = new Error('b', { cause: new Error('c', { cause: unreadable }) });
      for (const thrown of name === 'headers' ? [unreadable] : [unreadable, caused]) {
        expect(toError(thrown)).not.toBe(thrown);
        expect(toError(thrown).cause).toBeUndefined();
      }
    },
  );

  it('does not hold an error that causes itself, or whose texts are none', () => {
    const circular = new Error('a');
    circular.cause = circular;
    for (const thrown of [
      circular,
      Object.assign(new Error('a'), { message: 5 }),
      Object.assign(new Error('a'), { stack: {} }),
      Object.assign(new Error('a'), { toString: 5, name: Symbol('a') }),
      Object.assign(new Error('a'), { toString: () => 5 }),
      new Proxy(new Error('a'), {}),
    ])
      expect(toError(thrown).message).toBe('something that cannot be read was thrown');
  });

  it.each<[string, Error]>([
    ['cannot be changed', Object.freeze(new Error('a'))],
    ['has a status beyond the range', Object.assign(new Error('a'), { statusCode: 1000 })],
    ['has the status of a good response', Object.assign(new Error('a'), { status: 200 })],
    ['has a status below those of errors', Object.assign(new Error('a'), { status: 399 })],
    [
      'has a transfer coding',
      Object.assign(new Error('a'), { headers: { 'Transfer-Encoding': 'chunked' } }),
    ],
    ['has an invalid header name', Object.assign(new Error('a'), { headers: { 'a b': '1' } })],
    ['has an invalid header value', Object.assign(new Error('a'), { headers: { a: '1\r\nb: 2' } })],
    ['has a header without a value', Object.assign(new Error('a'), { headers: { a: undefined } })],
    ['has headers that are none', Object.assign(new Error('a'), { headers: 'a: 1' })],
  ])('is the cause of one if it %s', (_, thrown) => {
    expect(toError(thrown)).not.toBe(thrown);
    expect(toError(thrown).cause).toBe(thrown);
  });

  it('is itself with headers, a status and a cause that frameworks can use', () => {
    const fine = Object.assign(new Error('a', { cause: new Error('b') }), {
      status: 404,
      statusCode: '404',
      headers: { 'x-a': '1', 'Retry-After': 3, 'set-cookie': ['a=b', 'c=d'] },
    });
    expect(toError(fine)).toBe(fine);
    expect(
      toError(Object.assign(new Error('a'), { status: 'broken', headers: null })),
    ).toMatchObject({
      status: 'broken',
    });
  });
});

describe('a refusal that another version of this package made', () => {
  /** Kinds of a later version, the name of a member of every object, and a member that throws. */
  const later = (change: PropertyDescriptor): AuthError =>
    Object.defineProperty(new AuthError('revoked'), 'kind', change);

  it.each([{ value: 'kind-of-a-later-version' }, { value: 'toString' }, { value: undefined }])(
    'of the unknown kind %p is answered as it is',
    async (kind) => {
      const { called, outcomes } = keptOutcomes<Decision>();
      const { handle } = createAdapter({
        adminSecret: 'secret',
        unauthorizedRole: 'anonymous',
        onSession: () => Promise.reject(later(kind)),
      });
      await handle(request, outcomes);
      expect(called).toEqual([['refuse', expect.objectContaining({ status: 401 })]]);
    },
  );

  it('of which a member cannot be read goes to the framework', async () => {
    const { called, outcomes } = keptOutcomes<Decision>();
    const unreadable = later({
      get() {
        throw new Error('not readable');
      },
    });
    const onSession = (): Promise<never> => Promise.reject(unreadable);
    const { handle } = createAdapter({ adminSecret: 'secret', unauthorizedRole: 'a', onSession });
    await handle(request, outcomes);
    expect(called).toEqual([['forward', expect.any(Error)]]);
  });
});
