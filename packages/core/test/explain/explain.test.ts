import { tracingChannel } from 'node:diagnostics_channel';
import {
  AuthError,
  createAuthenticator,
  deny,
  optionsFromEnv,
  type AuthOptions,
  type AuthRequest,
  type ErrorResponse,
  type Explanation,
} from '../../src/index.js';
import { rejected } from '../thrown.js';
import { goodToken, part, mintToken } from '../tokens.js';
import {
  adminSecret,
  bearer,
  explained,
  hasura,
  namespace,
  now,
  options,
  rsa,
  signed,
  type Claims,
} from './explanations.js';

const app = (more: AuthOptions = {}) => createAuthenticator(options(more));
const stepNames = ({ steps }: Explanation) => steps.map(({ step }) => step);
const everyStep = [
  'admin-secret',
  'token-location',
  'decode',
  'match-issuer',
  'key',
  'verify',
  'registered-claims',
  'claims',
  'role',
];

describe('explain', () => {
  it('shows each step of a decision, its session and its token', async () => {
    const explanation = await explained({}, bearer(await goodToken()));
    const { outcome, session, token, remedy, refusal, response } = explanation;
    expect(stepNames(explanation)).toEqual(everyStep);
    expect({ outcome, remedy, refusal, response }).toEqual({
      outcome: 'accepted',
      remedy: undefined,
      refusal: undefined,
      response: undefined,
    });
    expect(session).toMatchObject({ role: 'user', method: 'jwt' });
    expect(token).toEqual({
      location: 'the header Authorization',
      header: { alg: 'RS256' },
      payload: session?.claims,
      isVerified: true,
      identity: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('says what to add, and where, if Hasura claims are not found in the decoded token', async () => {
    const headers = bearer(await signed({ sub: 'user-1', iss: 'https://herm.eu.auth0.com/' }));
    const env = {
      HASURA_GRAPHQL_ADMIN_SECRET: adminSecret,
      HASURA_GRAPHQL_JWT_SECRET: JSON.stringify(rsa),
    };
    const { cause, remedy, refusal, response, token } = await explained(
      optionsFromEnv(env),
      headers,
    );
    expect(cause).toBe(
      'The token is verified, but Hasura claims are not found in it: it has no claim "https://hasura.io/jwt/claims"; it has the claims "sub" and "iss".',
    );
    expect(remedy).toContain(
      'At the identity provider, add the claim "https://hasura.io/jwt/claims" with an object such as {"x-hasura-allowed-roles": ["user"], "x-hasura-default-role": "user"',
    );
    expect(remedy).toContain('Or set HASURA_GRAPHQL_JWT_SECRET.claims_map');
    expect(refusal).toEqual({
      kind: 'invalid-claims',
      code: 'jwt-invalid-claims',
      message: "claims key: 'https://hasura.io/jwt/claims' not found",
      reason: "claims key: 'https://hasura.io/jwt/claims' not found",
      status: 401,
      engineStatus: 400,
    });
    expect(response?.status).toBe(401);
    expect(token?.isVerified).toBe(true);
  });

  it.each<[string, Claims, (remedy: string) => object]>([
    [
      'a claims_map',
      { sub: 'ada', realm_access: { 'my roles': 1, roles: ['user', 'editor'] } },
      (remedy) => ({
        claims_map: JSON.parse(
          /such as (\{"x-hasura-allowed-roles":\{.*\}\})\.$/.exec(remedy)?.[1] ?? '',
        ),
      }),
    ],
    [
      'a claims_namespace',
      { 'https://my.example/claims': hasura },
      (remedy) => ({ claims_namespace: /claims_namespace to "(.*?)";/.exec(remedy)?.[1] }),
    ],
    [
      'a claims_namespace_path',
      { user: { 'a b': hasura } },
      (remedy) => ({ claims_namespace_path: /claims_namespace_path to (.*?);/.exec(remedy)?.[1] }),
    ],
    [
      'a claims_format',
      { claims: JSON.stringify(hasura) },
      (remedy) => ({
        claims_namespace: /claims_namespace to "(.*?)"/.exec(remedy)?.[1],
        claims_format: /claims_format to (\w+);/.exec(remedy)?.[1],
      }),
    ],
  ])('names %s with which the same token is accepted', async (_what, claims, change) => {
    const headers = bearer(await signed(claims));
    const { remedy = '' } = await explained({}, headers);
    const jwtSecret = { ...rsa, ...change(remedy) };
    const { session } = await explained({ jwtSecret }, headers);
    expect([session?.role, session?.allowedRoles]).toEqual(['user', ['user', 'editor']]);
  });

  it('explains the same for every form of headers that authenticate reads', async () => {
    const { authorization } = bearer(await goodToken());
    const { explain } = app();
    for (const headers of [
      { authorization },
      { Authorization: [authorization] },
      new Headers({ authorization }),
    ])
      expect((await explain({ headers })).session?.role).toBe('user');
  });

  it('shows a token whose signature is wrong as not verified', async () => {
    const { token } = await explained(
      {},
      bearer(await signed({ sub: 'me' }, { kid: 'a' }, 'rsa-other')),
    );
    expect(token).toMatchObject({
      header: { kid: 'a' },
      payload: { sub: 'me' },
      isVerified: false,
    });
  });

  it('shows what can be read of a token that cannot be decoded', async () => {
    const shown = async (token: string) => {
      const { header, payload } = (await explained({}, bearer(token))).token ?? {};
      return { header, payload };
    };
    const nothing = { header: undefined, payload: undefined };
    expect(await shown(`${part({ alg: 'XS1' })}.${part({ sub: 'me' })}`)).toEqual({
      header: { alg: 'XS1' },
      payload: { sub: 'me' },
    });
    expect(await shown(`${part('text')}.${part('"text"')}.`)).toEqual({
      header: undefined,
      payload: 'text',
    });
    expect(await shown('opaque')).toEqual(nothing);
    expect(await shown(`${part({})}.a.b.c.d`)).toEqual({ header: {}, payload: undefined });
    expect(await shown(`${part({})}.${part({})}.${'a'.repeat(20_000)}`)).toEqual(nothing);
    const deep = `{"a":${'['.repeat(200)}${']'.repeat(200)}}`;
    expect(await shown(`${part({})}.${part(deep)}.`)).toEqual({ header: {}, payload: undefined });
  });

  it('shows the token that was selected of two', async () => {
    const both = {
      jwtSecrets: [
        { ...rsa, issuer: 'a' },
        { ...rsa, issuer: 'b', header: { type: 'Cookie', name: 'jwt' } as const },
      ],
    };
    const claims = { iss: 'b', [namespace]: hasura };
    const headers = {
      ...bearer(await signed({ iss: 'c' })),
      cookie: `jwt=${await signed(claims)}`,
    };
    const { token, session } = await explained(both, headers);
    expect(token).toMatchObject({ location: 'the cookie "jwt"', payload: claims });
    expect(session?.role).toBe('user');
  });

  it('says that headers cannot be read, as its one step', async () => {
    const request = { headers: undefined } as unknown as AuthRequest; // as JavaScript may pass it
    const { cause, remedy, steps } = await app().explain(request);
    expect(cause).toBe('The headers of the request are not an object of headers.');
    expect(remedy).toContain("Pass { headers } with Node's request.headers");
    expect(steps).toEqual([
      {
        step: 'headers',
        lookedAt: 'the headers of the request',
        found: 'The headers of this request cannot be read',
        therefore: 'the request is rejected',
      },
    ]);
  });

  it('says that a token is revoked, and where it looked if it is not', async () => {
    const authenticator = app();
    const [revoked, other] = [await goodToken(), await goodToken({ jti: '1' })];
    await authenticator.revoke({ token: revoked });
    const { cause, refusal, steps } = await authenticator.explain({ headers: bearer(revoked) });
    expect(cause).toContain('The token is revoked');
    expect(refusal).toMatchObject({ kind: 'revoked', status: 401 });
    expect(steps.at(-1)).toMatchObject({ step: 'revocation', found: 'JWTRevoked' });
    const accepted = await authenticator.explain({ headers: bearer(other) });
    expect(accepted.steps.map(({ step }) => step)).toContain('revocation');
  });
});

it.each<[string, AuthOptions]>([
  ['admin-secret', { adminSecret, unauthorizedRole: 'anonymous' }],
  ['JWT', options({ unauthorizedRole: 'anonymous' })],
])(
  'in %s mode, the last step is that of onSession if it throws, whatever the refusal',
  async (_mode, given) => {
    for (const kind of ['invalid-claims', 'malformed-authorization'] as const) {
      const onSession = () => {
        throw new AuthError(kind, { detail: 'no' });
      };
      const { refusal, steps } = await createAuthenticator({ ...given, onSession }).explain({
        headers: {},
      });
      expect(refusal?.kind).toBe(kind);
      expect(steps.at(-1)?.step).toBe('on-session');
    }
  },
);

describe('an explanation has no effect but those of the decision itself:', () => {
  it('nothing is logged, published or passed to onRefused, as of a decision', async () => {
    const seen: unknown[] = [];
    const see = (what: unknown) => void seen.push(what);
    const { end, asyncEnd } = tracingChannel('hasura-auth.authenticate');
    for (const channel of [end, asyncEnd]) channel.subscribe(see);
    const { explain, authenticate } = app({
      onRefused: see,
      logRefusals: true,
      logger: { warn: see, error: see },
    });
    seen.splice(0); // the warnings of the configuration
    await explain({ headers: {} });
    await explain({ headers: bearer(await goodToken()) });
    const explaining = seen.splice(0);
    await rejected(authenticate({ headers: {} }));
    for (const channel of [end, asyncEnd]) channel.unsubscribe(see);
    expect(explaining).toEqual([]);
    expect(seen).toHaveLength(3);
  });

  it('no token is kept, and every step is taken of a token that is kept already', async () => {
    const authenticator = app();
    const request = { headers: bearer(await goodToken()) };
    const steps = async () => {
      const names: string[] = [];
      await authenticator.decide(request, ({ step }) => void names.push(step));
      return names;
    };
    expect(stepNames(await authenticator.explain(request))).toEqual(everyStep);
    expect(await steps()).toEqual(everyStep);
    expect(await steps()).toEqual(['admin-secret', 'token-location', 'role']);
    expect(stepNames(await authenticator.explain(request))).toEqual(everyStep);
  });

  it('onSession is called once, with the request, and what it adds is in the session', async () => {
    const onSession = jest.fn(() => ({ 'x-hasura-org': 'one' }));
    const request = { headers: bearer(await goodToken()) };
    const { session, steps } = await app({ onSession }).explain(request);
    expect(onSession).toHaveBeenCalledTimes(1);
    expect(onSession).toHaveBeenCalledWith(expect.objectContaining({ role: 'user' }), request);
    expect(session?.sessionVariables['x-hasura-org']).toBe('one');
    expect(steps.at(-1)?.step).toBe('on-session');
  });

  it('the webhook is called, unless it allowed its last response to be kept', async () => {
    const fetch = jest.fn(async () =>
      Response.json({ 'x-hasura-role': 'user', 'cache-control': 'max-age=60' }),
    );
    const authHook = { url: 'https://hook.example', cache: { headers: ['cookie'] } };
    const { explain } = app({ jwtSecret: undefined, authHook, fetch });
    const found = async () => (await explain({ headers: {} })).steps.at(-1)?.found;
    expect(await found()).toBe('a session');
    expect(await found()).toBe('a kept response that is still fresh');
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

it('a webhook that is busy is explained, and a call that waits is not disturbed', async () => {
  const ends: (() => void)[] = [];
  const fetch = () =>
    new Promise<Response>((resolve) =>
      ends.push(() => resolve(Response.json({ 'x-hasura-role': 'user' }))),
    );
  const authHook = { url: 'https://hook.example', maxConcurrent: 1 };
  const { explain, authenticate } = app({ jwtSecret: undefined, authHook, fetch });
  const waiting = authenticate({ headers: {} });
  const { cause, remedy, refusal } = await explain({ headers: {} });
  expect(refusal).toMatchObject({ kind: 'hook-busy', status: 503 });
  expect(cause).toBe(
    'As many calls of the webhook are in progress as authHook.maxConcurrent allows.',
  );
  expect(remedy).toContain('or raise authHook.maxConcurrent.');
  for (const end of ends) end();
  expect((await waiting).role).toBe('user');
});

describe('the response in an explanation', () => {
  const response = async (errorResponse: ErrorResponse, headers = {}) =>
    (await explained({ errorResponse, realm: 'mine' }, headers)).response;

  it('is the one that the client gets in the style of the app', async () => {
    const message = "Missing 'Authorization' or 'Cookie' header in JWT authentication mode";
    expect(await response('http')).toEqual({
      status: 401,
      headers: {
        'WWW-Authenticate': 'Bearer realm="mine"',
        'Content-Type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify({
        errors: [{ extensions: { path: '$', code: 'invalid-headers' }, message }],
      }),
    });
    expect(await response('metadata')).toMatchObject({
      status: 400,
      body: JSON.stringify({ path: '$', error: message, code: 'invalid-headers' }),
    });
    expect(await response('graphql')).toMatchObject({ status: 200 });
    expect(await response(async ({ kind }) => ({ status: 418, body: kind }))).toEqual({
      status: 418,
      headers: {},
      body: 'missing-token',
    });
  });

  it('is absent if the error goes to the framework', async () => {
    const failing = () => {
      throw new Error('broken');
    };
    expect(await response('forward')).toBeUndefined();
    expect(await response(failing)).toBeUndefined();
    expect(await response(() => Promise.reject(new Error('broken')))).toBeUndefined();
  });

  it('names the cookies of a webhook, and leaves their values out', async () => {
    const headers = [
      ['Set-Cookie', 'session=secret-value; Path=/'],
      ['Set-Cookie', 'a=b'],
    ] satisfies [string, string][];
    const fetch = async () => new Response('', { status: 401, headers });
    const { response: sent } = await explained(
      { jwtSecret: undefined, authHook: 'https://hook.example', fetch },
      {},
    );
    expect(sent?.headers['Set-Cookie']).toEqual(['session=[redacted]; Path=/', 'a=[redacted]']);
  });
});

describe('secrets are redacted that come back', () => {
  it('in the response that the app makes of a refusal, in any spelling', async () => {
    const secret = 'my "long" sécret';
    const headers = {
      'x-hasura-admin-secret': secret,
      authorization: 'Basic dXNlcjpwYXNzd29yZA==',
      cookie: 'theme=dark; session=a-secret-session-id',
    };
    const errorResponse: ErrorResponse = (_error, request) => ({
      status: 401,
      headers: { location: `/login?secret=${encodeURIComponent(secret)}` },
      body: { ...request.headers },
    });
    const { response } = await explained({ errorResponse }, headers);
    expect(response).toEqual({
      status: 401,
      headers: {
        location: '/login?secret=[redacted]',
        'Content-Type': 'application/json; charset=utf-8',
      },
      body: '{"x-hasura-admin-secret":"[redacted]","authorization":"Basic [redacted]","cookie":"theme=dark; session=[redacted]"}',
    });
  });

  it('in a session whose variables or claims hold a token', async () => {
    const inner = await goodToken();
    const token = await signed({
      nested: [{ inner }],
      [namespace]: { ...hasura, 'x-hasura-token': inner },
    });
    const onSession = () => ({ 'x-hasura-own': token });
    const { session, token: shown } = await explained({ onSession }, bearer(token));
    expect(session?.sessionVariables).toMatchObject({
      'x-hasura-token': '[redacted]',
      'x-hasura-own': '[redacted]',
    });
    expect(shown?.payload).toMatchObject({ nested: [{ inner: '[redacted]' }] });
  });

  it('in the message of a refusal by the app', async () => {
    const token = await goodToken();
    const { refusal, cause } = await explained(
      { onSession: (_session, { headers }) => deny(JSON.stringify(headers)) },
      bearer(token),
    );
    expect(refusal?.message).toBe('{"authorization":"Bearer [redacted]"}');
    expect(cause).toBe('The function onSession of the app rejected the session with deny.');
  });

  it('in the sentences, if a client put a token or a secret in the wrong place', async () => {
    const token = await goodToken();
    const role = await explained({}, { ...bearer(token), 'x-hasura-role': token });
    expect(role.cause).toContain('The client requests the role "[redacted]');
    const cookie = { header: { type: 'Cookie', name: 'session' } } as const;
    const jwtSecret = { ...rsa, ...cookie };
    const bare = await explained({ jwtSecret }, { cookie: 'a-secret-session-id; theme=dark' });
    expect(bare.cause).toBe(
      'The request has no token in the cookie "session" and no admin secret: it has the cookie "theme" only.',
    );
    const named = await explained({ jwtSecret }, { cookie: `${token}=1` });
    expect(named.cause).toContain('it has the cookie "[redacted]');
    for (const explanation of [role, bare, named])
      for (const part of token.split('.'))
        expect(JSON.stringify(explanation)).not.toContain(part.slice(0, 16));
  });

  it('but no short text, which would be found in every word', async () => {
    const { session } = await explained(
      { adminSecret: 'e' },
      { 'x-hasura-admin-secret': 'e', 'x-hasura-role': 'editor' },
    );
    expect(session?.role).toBe('editor');
  });
});

describe('whatever comes, explain fails as authenticate does:', () => {
  const both = async (authenticator: ReturnType<typeof app>, request: unknown) => {
    const given = request as AuthRequest; // as JavaScript may pass it
    return [
      await rejected(authenticator.authenticate(given)),
      await rejected(authenticator.explain(given)),
    ];
  };

  it('with the error of the app, if its function fails', async () => {
    const error = new TypeError('broken');
    const onSession = () => {
      throw error;
    };
    const request = { headers: bearer(await goodToken()) };
    expect(await both(app({ onSession }), request)).toEqual([error, error]);
  });

  it('with the error of a getter or a proxy that is read', async () => {
    const error = new Error('a trap');
    const fail = () => {
      throw error;
    };
    const requests = [
      {
        get headers() {
          return fail();
        },
      },
      { headers: Object.defineProperty({}, 'authorization', { get: fail, enumerable: true }) },
      { headers: new Proxy({}, { get: fail }) },
      { headers: new Proxy({}, { ownKeys: fail }) },
    ];
    for (const request of requests) expect(await both(app(), request)).toEqual([error, error]);
    for (const request of [undefined, null]) {
      const errors = await both(app(), request);
      expect(errors).toEqual([expect.any(TypeError), expect.any(TypeError)]);
    }
  });

  it('and not for a header that the decision has not read', async () => {
    const trap = (headers: Record<string, string>) =>
      Object.defineProperty(headers, 'x-other', {
        enumerable: true,
        get() {
          throw new Error('a trap');
        },
      });
    const none = await app().explain({ headers: trap({}) });
    expect(none.refusal?.kind).toBe('missing-token');
    expect(none.cause).toContain('The request has no token');
    const wrong = await app().explain({
      headers: trap({ 'x-hasura-admin-secret': 'wrong-secret' }),
    });
    expect(wrong.cause).toBe(
      'The secret in the header x-hasura-admin-secret is not the admin secret.',
    );
    const basic = await app().explain({ headers: trap({ authorization: 'Basic eA==' }) });
    expect(basic.cause).toBe('The header Authorization has another scheme than Bearer.');
  });

  it('and not for a clock that fails, if the decision needs none', async () => {
    let time = now;
    const { explain, authenticate } = app({ runtime: { now: () => time } });
    time = NaN;
    const request = { headers: { 'x-hasura-admin-secret': adminSecret } };
    expect((await authenticate(request)).role).toBe('admin');
    expect((await explain(request)).session?.role).toBe('admin');
  });

  it('and not for claims named __proto__ or for a role of a megabyte', async () => {
    const token = mintToken({
      sign: { key: 'rsa', alg: 'RS256' },
      rawPayload: '{"__proto__":{"x-hasura-allowed-roles":["admin"]},"constructor":1}',
    });
    const { refusal, token: shown } = await explained({}, bearer(await token));
    expect(refusal?.kind).toBe('invalid-claims');
    expect(Object.keys(shown?.payload ?? {})).toEqual(['__proto__', 'constructor']);
    const role = 'r'.repeat(1_000_000);
    const { cause } = await explained({}, { ...bearer(await goodToken()), 'x-hasura-role': role });
    expect(cause.length).toBeLessThan(400);
  });
});

it('an AuthError of the app is named, since its words would be of another cause', async () => {
  const onSession = () => {
    throw new AuthError('invalid-token', { detail: 'JWTExpired' });
  };
  const { cause, remedy } = await explained(
    { onSession },
    { 'x-hasura-admin-secret': adminSecret },
  );
  expect(cause).toBe(
    'The function onSession of the app rejected the session: it threw the AuthError invalid-token.',
  );
  expect(remedy).toBe('Look for this AuthError in the function onSession.');
});
