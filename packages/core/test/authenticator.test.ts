import { createAuthenticator } from '../src/authenticator.js';
import { inOrder } from '../src/credentials.js';
import type { AuthMethod, AuthRequest, DecisionStep, StepObserver } from '../src/request.js';
import type { AuthOptions } from '../src/config/options.js';
import type { WebHeaders } from '../src/request-headers.js';
import { decision, type Session, gatherVariables } from '../src/session.js';
import { view } from './request-view.js';
import { mistake, refusal, rejection, thrown } from './thrown.js';
import { goodToken, spki } from './tokens.js';

const secret = { 'x-hasura-admin-secret': 'secret' };
const jwtSecret = { type: 'RS256', key: spki('rsa') } as const;
const jwt = (options: AuthOptions = {}) =>
  createAuthenticator({ adminSecret: 'secret', jwtSecret, ...options });
const authorization = async () => ({ authorization: `Bearer ${await goodToken()}` });

describe('an authenticator', () => {
  it('checks its options at once', () => {
    expect(mistake(() => createAuthenticator({})).option).toBe('adminSecret');
  });

  it('says how its refusals are answered, and whether it needs the body', () => {
    expect(jwt().errorResponse).toBe('http');
    expect(jwt({ errorResponse: 'graphql' }).errorResponse).toBe('graphql');
    expect(jwt().needsBody).toBe(false);
    const hook = (authHook: AuthOptions['authHook'] & object) =>
      createAuthenticator({ adminSecret: 'secret', authHook }).needsBody;
    const url = 'http://127.0.0.1:9/';
    expect(hook({ url })).toBe(false);
    expect(hook({ url, mode: 'POST' })).toBe(true);
    expect(hook({ url, mode: 'POST', sendRequestBody: false })).toBe(false);
    expect(hook({ url, mode: 'GET', sendRequestBody: true })).toBe(false);
  });

  it('may be taken apart', async () => {
    const { authenticate } = jwt();
    expect((await authenticate({ headers: secret })).role).toBe('admin');
  });
});

describe('authenticate', () => {
  it('gives the session, or rejects', async () => {
    expect(await jwt().authenticate({ headers: await authorization() })).toMatchObject({
      role: 'user',
      method: 'jwt',
    });
    expect((await rejection(jwt().authenticate({ headers: {} }))).kind).toBe('missing-token');
  });

  it('rejects with the challenge of the app', async () => {
    const headers = { authorization: 'Bearer a.b.c' };
    const { headers: sent } = await rejection(jwt({ realm: 'a (b)' }).authenticate({ headers }));
    expect(sent['WWW-Authenticate']).toMatch(
      /^Bearer realm="a \(b\)", error="invalid_token", error_description="[^"\\]+"$/,
    );
    expect(jwt({ realm: 'api' }).realm).toBe('api');
    expect(mistake(() => jwt({ realm: '' })).option).toBe('realm');
  });
});

describe('decide', () => {
  it('gives the session with response headers at once where it can, and throws', async () => {
    expect(jwt().decide({ headers: await authorization() })).toMatchObject({
      session: { role: 'user' },
      headers: [],
    });
    expect(refusal(() => jwt().decide({ headers: {} })).kind).toBe('missing-token');
  });

  it('passes each step to an observer, whatever the observer throws', async () => {
    const steps: DecisionStep['step'][] = [];
    const headers = { ...secret, ...(await authorization()) };
    const decided = await jwt().decide({ headers }, ({ step }) => {
      steps.push(step);
      throw new Error('the observer is broken');
    });
    expect(decided.session.role).toBe('user');
    expect(steps).toEqual([
      'admin-secret',
      'token-location',
      'decode',
      'match-issuer',
      'key',
      'verify',
      'registered-claims',
      'claims',
      'role',
    ]);
  });

  it('ignores what the promise of an asynchronous observer rejects with', async () => {
    const observe: unknown = () => Promise.reject(new Error('the observer is broken'));
    const headers = await authorization();
    const { session } = await jwt().decide({ headers }, observe as StepObserver); // what JavaScript passes
    expect(session.role).toBe('user');
    // An unhandled rejection would fail the run: Node reports it before the next turn of the loop.
    await new Promise(setImmediate);
  });
});

describe('every way to ask', () => {
  const open = () => jwt({ unauthorizedRole: 'anonymous' });
  const ways: [name: string, ask: (headers: AuthRequest['headers']) => Promise<Session>][] = [
    ['authenticate', (headers) => open().authenticate({ headers })],
    ['decide', async (headers) => (await open().decide({ headers })).session],
    ['authenticateConnection', (headers) => open().authenticateConnection({ headers })],
  ];
  const wrong = { 'X-Hasura-Admin-Secret': 'wrong' };
  const forms = (headers: Record<string, string>): AuthRequest['headers'][] => [
    headers,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    new Headers(headers),
    new Map(Object.entries(headers)) as unknown as WebHeaders, // has what is read of them
    Object.assign(Object.create(null), headers) as AuthRequest['headers'],
  ];

  it.each(ways)('%s reads names in any case, in records and in Headers', async (_, ask) => {
    for (const headers of forms({ 'X-Hasura-Admin-Secret': 'secret' }))
      expect((await ask(headers)).role).toBe('admin');
  });

  it.each(ways)('%s never takes a wrong secret for no credentials', async (_, ask) => {
    for (const headers of forms(wrong))
      expect((await rejection(ask(headers))).kind).toBe('wrong-secret');
    expect((await ask({})).role).toBe('anonymous');
  });

  class Hidden {
    readonly #wrong = wrong;
    get(name: string): unknown {
      return Object.entries(this.#wrong).find(([known]) => known.toLowerCase() === name)?.[1];
    }
  }
  class Inherited {
    get 'x-hasura-admin-secret'(): string {
      return 'wrong';
    }
  }
  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'x-hasura-admin-secret: wrong'],
    ['a list of texts', ['x-hasura-admin-secret', 'wrong']],
    ['a list of pairs', Object.entries(wrong)],
    ['an iterator', Object.entries(wrong).values()],
    ['an object with methods', new Hidden()],
    ['an object with getters', new Inherited()],
    ['a function', () => wrong],
  ])('what cannot be read is refused by each of them: %s', async (_, headers) => {
    for (const [name, ask] of ways) {
      // A server may know no headers of a handshake (graphql-ws on Bun and Deno).
      if (headers === undefined && name === 'authenticateConnection') continue;
      expect((await rejection(ask(headers as AuthRequest['headers']))).kind).toBe(
        'unreadable-headers',
      );
    }
  });

  it('a webhook does not receive what a browser stored, if the page of a connection is not allowed', async () => {
    const sent: (string | null)[] = [];
    const authenticator = createAuthenticator({
      adminSecret: 'secret',
      authHook: 'http://127.0.0.1:9/',
      fetch: async (_url, init) => {
        sent.push(new Headers(init?.headers).get('authorization'));
        return Response.json({ 'x-hasura-role': 'user' });
      },
    });
    const headers = { authorization: 'Basic YTpi', origin: 'https://other.example' };
    await authenticator.authenticateConnection({ headers });
    await authenticator.authenticateConnection({ headers }, () => true);
    await authenticator.authenticateConnection({ headers: { authorization: 'Basic YTpi' } });
    const jwtMode = jwt({ unauthorizedRole: 'anonymous' });
    expect((await rejection(jwtMode.authenticateConnection({ headers }))).kind).toBe(
      'malformed-authorization',
    );
    expect(sent).toEqual([null, 'Basic YTpi', 'Basic YTpi']);
  });

  it('the origins of a connection are those of connections(): a list or a function', async () => {
    const authenticator = createAuthenticator({ adminSecret: 'secret' });
    const headers = { 'x-hasura-admin-secret': 'secret', origin: 'https://app.example' };
    const given = (origins: unknown) =>
      authenticator.authenticateConnection({ headers }, origins as readonly string[]);
    expect((await given(['https://app.example'])).role).toBe('admin');
    await expect(given(['*'])).rejects.toThrow('allowedOrigins[0]: expected an origin');
    await expect(given('*')).rejects.toThrow('allowedOrigins: expected a list of origins');
  });

  it('a request without headers is refused; only a connection may have no handshake', async () => {
    for (const [, ask] of ways.slice(0, 2))
      expect((await rejection(ask(undefined as unknown as AuthRequest['headers']))).kind).toBe(
        'unreadable-headers',
      );
  });

  it('a header beyond ASCII is read as UTF-8, however it came', async () => {
    const asNode = (value: string) => Buffer.from(value).toString('latin1');
    const role = 'Prüfer-✓';
    const authenticator = createAuthenticator({ adminSecret: 'gehéim' });
    const headers = {
      'x-hasura-admin-secret': asNode('gehéim'),
      'x-hasura-role': asNode(role),
      'x-hasura-user-id': `a${String.fromCharCode(0xff)}b`,
    };
    const expected = {
      role,
      sessionVariables: { 'x-hasura-role': role, 'x-hasura-user-id': 'a\ufffdb' },
    };
    for (const given of forms(headers))
      expect(await authenticator.authenticate({ headers: given })).toMatchObject(expected);
  });

  it('a connection’s own parameters are text already', async () => {
    const authenticator = createAuthenticator({ adminSecret: 'gehéim' });
    const connectionParams = { 'x-hasura-admin-secret': 'gehéim', 'x-hasura-role': 'é✓' };
    const session = await authenticator.authenticateConnection({ connectionParams, headers: {} });
    expect(session.role).toBe('é✓');
  });
});

describe('the order', () => {
  const wrong = { 'x-hasura-admin-secret': 'wrong' };
  const role = async (options: AuthOptions, headers: Readonly<Record<string, string>>) =>
    (await jwt(options).authenticate({ headers })).role;
  const kind = async (options: AuthOptions, headers: Readonly<Record<string, string>>) =>
    (await rejection(jwt(options).authenticate({ headers }))).kind;

  it('a wrong secret is refused before anything else, as JWT mode does', async () => {
    const error = await rejection(
      jwt({ unauthorizedRole: 'anonymous' }).authenticate({
        headers: { ...wrong, ...(await authorization()) },
      }),
    );
    expect(error.kind).toBe('wrong-secret');
    expect(error.headers).toEqual({ 'WWW-Authenticate': 'Bearer realm="hasura"' });
  });

  it('a token goes before a right secret, unless the app says otherwise', async () => {
    const both = { ...secret, ...(await authorization()) };
    expect(await role({}, both)).toBe('user');
    expect(await role({ precedence: 'admin-secret' }, both)).toBe('admin');
    const broken = { ...secret, authorization: 'Bearer a.b.c' };
    expect(await kind({}, broken)).toBe('invalid-token');
    expect(await role({ precedence: 'admin-secret' }, broken)).toBe('admin');
  });

  it('a right secret goes before an Authorization header that is no token', async () => {
    expect(await role({}, { ...secret, authorization: 'Basic YTpi' })).toBe('admin');
    expect(await kind({ unauthorizedRole: 'a' }, { authorization: 'Basic YTpi' })).toBe(
      'malformed-authorization',
    );
  });

  it('a request without credentials is anonymous, or refused', async () => {
    expect(await role({ unauthorizedRole: 'anonymous' }, {})).toBe('anonymous');
    expect(await kind({}, {})).toBe('missing-token');
    const withoutJwt = createAuthenticator({
      adminSecret: 'secret',
      unauthorizedRole: 'anonymous',
    });
    expect((await withoutJwt.authenticate({ headers: {} })).method).toBe('unauthenticated');
    const noRole = createAuthenticator({ adminSecret: 'secret' });
    const error = await rejection(noRole.authenticate({ headers: await authorization() }));
    expect(error.kind).toBe('missing-secret');
    const wrongSecret = await rejection(noRole.authenticate({ headers: wrong }));
    expect(wrongSecret.headers).toEqual({ 'WWW-Authenticate': 'HasuraAdminSecret' });
  });

  it('unsecured asks for nothing', async () => {
    const open = createAuthenticator({ unsecured: true });
    expect((await open.authenticate({ headers: wrong })).method).toBe('unsecured');
  });
});

describe('verified tokens', () => {
  it('share a session, until they are forgotten', async () => {
    const authenticator = jwt();
    const headers = await authorization();
    const first = await authenticator.authenticate({ headers });
    expect(await authenticator.authenticate({ headers })).toBe(first);
    authenticator.clear();
    const second = await authenticator.authenticate({ headers });
    expect(second).not.toBe(first);
    expect(second).toEqual(first);
  });

  it('are not kept where the app says so', async () => {
    const authenticator = jwt({ tokenCache: false });
    const headers = await authorization();
    const first = await authenticator.authenticate({ headers });
    expect(await authenticator.authenticate({ headers })).not.toBe(first);
    authenticator.clear();
  });
});

describe('the life of an authenticator', () => {
  it('is ready at once without remote keys, and ends', async () => {
    await expect(jwt().ready()).resolves.toBeUndefined();
    await expect(jwt().close()).resolves.toBeUndefined();
    const plain = createAuthenticator({ adminSecret: 'secret' });
    await expect(plain.ready()).resolves.toBeUndefined();
    await expect(plain.close()).resolves.toBeUndefined();
  });
});

describe('methods in order', () => {
  const user = decision({ role: 'user', variables: gatherVariables([]), method: 'jwt' });
  const notMine: AuthMethod = () => undefined;
  const notMineLater: AuthMethod = () => Promise.resolve(undefined);
  const mine: AuthMethod = () => user;
  const mineLater: AuthMethod = () => Promise.resolve(user);
  const never: AuthMethod = () => {
    throw new Error('this method must not be called');
  };

  it('the first that knows the request decides', () => {
    expect(inOrder([notMine, mine, never], view())).toBe(user);
  });

  it('also where one needs time', async () => {
    expect(await inOrder([notMine, mineLater, never], view())).toBe(user);
    expect(await inOrder([notMineLater, notMine, mine, never], view())).toBe(user);
    expect(await inOrder([notMineLater, notMineLater, mineLater, never], view())).toBe(user);
  });

  it('no method is asked twice', async () => {
    const asked: string[] = [];
    const note =
      (name: string, method: AuthMethod): AuthMethod =>
      (request) => {
        asked.push(name);
        return method(request);
      };
    await inOrder([note('a', notMine), note('b', notMineLater), note('c', mine)], view());
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('one must decide', async () => {
    expect(thrown(() => inOrder([notMine], view()))).toEqual(
      new Error('the last method must decide'),
    );
    await expect(inOrder([notMineLater], view())).rejects.toThrow('the last method must decide');
  });
});
