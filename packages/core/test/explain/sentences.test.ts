import {
  arrayVariable,
  assertRole,
  AuthError,
  deny,
  optionsFromEnv,
  requireVariable,
  type AuthOptions,
  type OnSession,
  type RefusalKind,
  type RevocationEntry,
  type RevocationStore,
} from '../../src/index.js';
import { refusals } from '../../src/refusals.js';
import { goodToken, mintToken, secretText, testKey, type TokenRecipe } from '../tokens.js';
import {
  adminSecret,
  bearer,
  explained,
  hasura,
  namespace,
  now,
  rsa,
  seconds,
  signed,
  type Claims,
} from './explanations.js';

type Headers = Readonly<Record<string, string>>;
type Case = readonly [name: string, more: AuthOptions, headers: Headers | Promise<Headers>];

const secret = { 'x-hasura-admin-secret': adminSecret };
const token = async (claims: Claims, header?: Claims): Promise<Headers> =>
  bearer(await signed(claims, header));
const good = async (more: Headers = {}): Promise<Headers> => ({
  ...bearer(await goodToken()),
  ...more,
});
const minted = async (recipe: TokenRecipe): Promise<Headers> => bearer(await mintToken(recipe));
const cookie = { ...rsa, header: { type: 'Cookie', name: 'session' } } as const;
const custom = { ...rsa, header: { type: 'CustomHeader', name: 'x-token' } } as const;
const anonymous = { unauthorizedRole: 'anonymous' };
const publicKey = (name: string, more: object = {}): object => ({
  ...testKey(name).publicJwk,
  ...more,
});
const keySet = (...keys: object[]): AuthOptions => ({
  jwtSecret: { jwk_url: 'https://user:secret@issuer.example/keys?key=secret' },
  fetch: async () => Response.json({ keys }),
});
const hook = (respond: () => Promise<Response>, more: object = {}): AuthOptions => ({
  jwtSecret: undefined,
  authHook: { url: 'https://hook.example/session?key=secret', ...more },
  fetch: respond,
});
const fails = (): Promise<Response> =>
  Promise.reject(Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }));
const never = (): Promise<Response> => new Promise(() => undefined);
const bySession = (onSession: OnSession): AuthOptions => ({ onSession });
const map = {
  'x-hasura-allowed-roles': { path: '$.roles' },
  'x-hasura-default-role': { path: '$.roles[0]' },
  'x-hasura-org': { path: '$.org' },
};

const credentials: readonly Case[] = [
  ['no token', {}, {}],
  ['no token, no admin access', { adminSecret: false }, {}],
  ['no token, a header that is misspelt', {}, { authorisation: 'Bearer x' }],
  ['no token, a header that proxies use', {}, { 'x-forwarded-authorization': 'Bearer x' }],
  ['no token, an admin secret under a misspelt name', {}, { 'x-hasura-admin-secrets': 'x' }],
  ['no cookie', { jwtSecret: cookie }, {}],
  ['no cookie, another one', { jwtSecret: cookie }, { cookie: 'theme=dark' }],
  [
    'no cookie, many others',
    { jwtSecret: cookie },
    { cookie: 'abcdefghijk'.split('').join('=1; ') },
  ],
  ['no cookie, an empty one', { jwtSecret: cookie }, { cookie: 'session=; theme=dark' }],
  ['no cookie, a header that is misspelt', { jwtSecret: cookie }, { cookies: 'session=x' }],
  ['no cookie, but Authorization', { jwtSecret: cookie }, { authorization: 'Bearer x' }],
  ['no header', { jwtSecret: custom }, {}],
  ['no header, a similar one', { jwtSecret: custom }, { 'x-tokens': 'x' }],
  ['no header, one that others use', { jwtSecret: custom }, { 'access-token': 'x' }],
  ['no admin secret', { jwtSecret: undefined }, {}],
  ['no admin secret, but a token', { jwtSecret: undefined }, { authorization: 'Bearer x' }],
  ['no admin secret, a similar header', { jwtSecret: undefined }, { 'x-hasura-adminsecret': 'x' }],
  ['wrong admin secret', {}, { 'x-hasura-admin-secret': 'wrong' }],
  ['wrong admin secret in quotes', {}, { 'x-hasura-admin-secret': '"wrong"' }],
  ['empty admin secret', {}, { 'x-hasura-access-key': '' }],
  [
    'wrong admin secret of several',
    { adminSecrets: ['one-of-the-secrets', 'another-of-them'] },
    secret,
  ],
  ['admin access disabled', { adminSecret: false }, secret],
  ['empty Authorization', {}, { authorization: '' }],
  ['Bearer alone', {}, { authorization: 'Bearer' }],
  ['two words', {}, { authorization: 'Bearer a b' }],
  ['a token without Bearer', {}, { authorization: 'a.b.c' }],
  ['a known scheme', {}, { authorization: 'Basic dXNlcjpwYXNzd29yZA==' }],
  ['an unknown scheme', {}, { authorization: 'my-secret of-mine' }],
  [
    'Bearer malformed, and no cookie',
    {
      jwtSecrets: [
        { ...rsa, issuer: 'a' },
        { ...cookie, issuer: 'b' },
      ],
    },
    { authorization: 'Bearer' },
  ],
  ['two cookies', { jwtSecret: cookie }, { cookie: 'session=a; session=b' }],
  [
    'tokens at two locations',
    {
      jwtSecrets: [
        { ...rsa, issuer: 'a' },
        { ...cookie, issuer: 'b' },
      ],
    },
    signed({}).then((one) => ({ ...bearer(one), cookie: `session=${one}` })),
  ],
  [
    'two configurations fit',
    {
      jwtSecrets: [
        { ...rsa, issuer: 'a' },
        { ...rsa, issuer: 'b' },
      ],
    },
    token({}),
  ],
  ['backend-only unreadable', {}, { ...secret, 'x-hasura-use-backend-only-permissions': 'maybe' }],
];

const [before, until] = [seconds + 1, now + 1];
/** A store with one entry, or one that cannot be read. */
const revoking = (entry: RevocationEntry | undefined): RevocationStore => ({
  async *load() {
    if (entry === undefined) throw new Error('secret reason');
    yield entry;
  },
  subscribe: () => () => undefined,
  add: () => Promise.resolve(),
});

const tokens: readonly Case[] = [
  ['expired', {}, token({ exp: seconds - 30 })],
  ['expired long ago', {}, token({ exp: seconds - 86_400 * 3 })],
  ['issued soon', {}, token({ iat: seconds + 90 })],
  ['issued in the far future', {}, token({ iat: seconds + 7200 })],
  ['issued in milliseconds', {}, token({ iat: seconds * 1000 })],
  ['not yet valid', {}, token({ nbf: seconds + 120 })],
  [
    'another issuer',
    { jwtSecret: { ...rsa, issuer: 'https://a.example/' } },
    token({ iss: 'https://a.example' }),
  ],
  [
    'another issuer than each',
    {
      jwtSecrets: [
        { ...rsa, issuer: 'a' },
        { ...rsa, issuer: 'b' },
      ],
    },
    token({ iss: 'c' }),
  ],
  ['no issuer', { jwtSecret: { ...rsa, extra_required_claims: ['issuer'] } }, token({})],
  [
    'an issuer that is null',
    { jwtSecret: { ...rsa, extra_required_claims: ['issuer'] } },
    token({ iss: null }),
  ],
  ['another audience', { jwtSecret: { ...rsa, audience: ['a', 'b'] } }, token({ aud: 'c' })],
  ['no audience', { jwtSecret: { ...rsa, audience: 'a' } }, token({})],
  [
    'no audience though required',
    { jwtSecret: { ...rsa, extra_required_claims: ['aud'] } },
    token({}),
  ],
  ['a required claim', { jwtSecret: { ...rsa, extra_required_claims: ['jti'] } }, token({})],
  ['no signature', {}, minted({ sign: { key: null, alg: 'none' }, claims: {} })],
  ['another key', {}, minted({ sign: { key: 'rsa-other', alg: 'RS256' }, claims: {} })],
  [
    'another secret',
    { jwtSecret: { type: 'HS256', key: secretText('hs-32') } },
    minted({ sign: { key: 'hs-other', alg: 'HS256' }, claims: {} }),
  ],
  [
    'a secret that is too short',
    { jwtSecret: { type: 'HS256', key: secretText('hs-32') } },
    minted({ sign: { key: 'hs', alg: 'HS512' }, claims: {} }),
  ],
  ['a key of another family', {}, minted({ sign: { key: 'p256', alg: 'ES256' }, claims: {} })],
  ['an algorithm that is not allowed', { jwtSecret: { ...rsa, algorithms: ['RS512'] } }, token({})],
  ['another published key', keySet(publicKey('rsa-other')), token({})],
  ['other published keys', keySet(publicKey('rsa-other'), publicKey('rsa-1024')), token({})],
  ['no published key', keySet(), token({})],
  [
    'no published key of the kid',
    keySet(publicKey('rsa', { kid: 'one' }), publicKey('p256', { kid: 'two' })),
    token({}, { kid: 'three' }),
  ],
  ['no published key of the family', keySet(publicKey('p256', { kid: undefined })), token({})],
  [
    'many published keys, none that fits',
    keySet(...'abcdefg'.split('').map((kid) => publicKey('p256', { kid, alg: 'ES256' }))),
    token({}),
  ],
  [
    'a published key without the alg',
    keySet(publicKey('rsa', { alg: 'RS512', kid: 'one' })),
    token({}),
  ],
  ['no key set', { ...keySet(), fetch: fails }, token({})],
  ['no key set yet', { ...keySet(), fetch: never, keySets: { waitMs: 5 } }, token({})],
  ['an opaque token', {}, bearer('opaque')],
  ['the word undefined', {}, bearer('undefined')],
  ['the word null', {}, bearer('null')],
  ['two parts', {}, bearer('a.b')],
  ['five parts', {}, bearer('a.b.c.d.e')],
  ['too long', {}, bearer('a'.repeat(20_000))],
  ['not UTF-8', {}, bearer('a.\u00ff.c')],
  ['not base64url', {}, bearer('a+b.e30.')],
  ['Bearer in a cookie', { jwtSecret: cookie }, { cookie: 'session=Bearer e30.e30.' }],
  [
    'Bearer in a header of its own',
    { jwtSecret: { ...rsa, header: { type: 'CustomHeader', name: 'X-Token' } } },
    { 'x-token': 'Bearer e30.e30.' },
  ],
  [
    'a header that is no JSON',
    {},
    minted({ sign: { key: 'rsa', alg: 'RS256' }, claims: {}, rawHeader: '{' }),
  ],
  [
    'a header without alg',
    {},
    minted({ sign: { key: 'rsa', alg: 'RS256' }, claims: {}, rawHeader: '{}' }),
  ],
  [
    'an unknown alg',
    {},
    minted({ sign: { key: 'rsa', alg: 'RS256' }, claims: {}, rawHeader: '{"alg":"XS1"}' }),
  ],
  [
    'a kid that is no text',
    {},
    minted({
      sign: { key: 'rsa', alg: 'RS256' },
      claims: {},
      rawHeader: '{"alg":"RS256","kid":1}',
    }),
  ],
  [
    'crit',
    {},
    minted({
      sign: { key: 'rsa', alg: 'RS256' },
      claims: {},
      rawHeader: '{"alg":"RS256","crit":["x"]}',
    }),
  ],
  [
    'a payload that is no JSON',
    {},
    minted({ sign: { key: 'rsa', alg: 'RS256' }, rawPayload: '{' }),
  ],
  [
    'a payload that is a list',
    {},
    minted({ sign: { key: 'rsa', alg: 'RS256' }, rawPayload: '[]' }),
  ],
  [
    'a payload that is deep',
    {},
    minted({
      sign: { key: 'rsa', alg: 'RS256' },
      rawPayload: `{"a":${'['.repeat(200)}${']'.repeat(200)}}`,
    }),
  ],
  ['exp as text', {}, token({ exp: '1' })],
  ['aud as a number', {}, token({ aud: 1 })],
  ['sub as a number', {}, token({ sub: 1 })],
  ['iss with a colon', {}, token({ iss: 'a b:c' })],
  ['revoked', { revocations: revoking({ by: 'sub', value: 'user-1', before, until }) }, good()],
  [
    'not revoked for sure',
    { revocations: { store: revoking(undefined), onUnavailable: 'refuse' } },
    good(),
  ],
];

const claims: readonly Case[] = [
  ['no claims at all', {}, token({})],
  ['no Hasura claims', {}, token({ sub: 'me', email: 'me@example.com' })],
  ['Hasura claims under another name', {}, token({ 'https://my.example/claims': hasura })],
  ['Hasura claims deeper', {}, token({ user: { hasura } })],
  ['Hasura claims at the root', {}, token({ ...hasura })],
  [
    'Hasura claims as text elsewhere',
    {},
    token({ a: '{', b: '{"c":1}', claims: JSON.stringify(hasura) }),
  ],
  [
    'no Hasura claims, but roles',
    {},
    token({ sub: 'me', roles: [], 'https://my.example/roles': ['user'] }),
  ],
  [
    'no Hasura claims, but roles with a long name',
    {},
    token({ [`${'a'.repeat(200)}/roles`]: ['user'] }),
  ],
  ['no Hasura claims, but roles deeper', {}, token({ a: 1, realm_access: { roles: ['user'] } })],
  [
    'no Hasura claims, but roles too deep',
    {},
    token({ a: { b: { c: { d: { groups: ['user'] } } } } }),
  ],
  ['Hasura claims too deep to be found', {}, token({ a: { b: { c: { d: { e: hasura } } } } })],
  [
    'nothing at the path',
    { jwtSecret: { ...rsa, claims_namespace_path: '$.user.list[0]' } },
    token({}),
  ],
  ['not an object', {}, token({ [namespace]: 'text' })],
  [
    'not a string',
    { jwtSecret: { ...rsa, claims_format: 'stringified_json' } },
    token({ [namespace]: hasura }),
  ],
  [
    'a string that is no JSON',
    { jwtSecret: { ...rsa, claims_format: 'stringified_json' } },
    token({ [namespace]: 'secret' }),
  ],
  ['no allowed roles', {}, token({ [namespace]: {} })],
  ['no default role', {}, token({ [namespace]: { 'x-hasura-allowed-roles': ['user'] } })],
  [
    'roles that are no list',
    {},
    token({ [namespace]: { ...hasura, 'x-hasura-allowed-roles': 'user' } }),
  ],
  [
    'a default role that is a list',
    {},
    token({ [namespace]: { ...hasura, 'x-hasura-default-role': ['user'] } }),
  ],
  ['a variable that is a number', {}, token({ [namespace]: { ...hasura, 'x-hasura-user-id': 7 } })],
  [
    'a variable twice',
    {},
    token({ [namespace]: { ...hasura, 'X-Hasura-A': '1', 'x-hasura-a': '2' } }),
  ],
  ['a map without roles', { jwtSecret: { ...rsa, claims_map: map } }, token({ sub: 'me' })],
  ['a map without a claim', { jwtSecret: { ...rsa, claims_map: map } }, token({ roles: ['user'] })],
  [
    'a map with roles that are no list',
    { jwtSecret: { ...rsa, claims_map: map } },
    token({ roles: 'user' }),
  ],
  [
    'a map with a default role that is none',
    { jwtSecret: { ...rsa, claims_map: { ...map, 'x-hasura-default-role': { path: '$.one' } } } },
    token({ roles: ['user'], one: 1 }),
  ],
  ['a role that is not allowed', {}, good({ 'x-hasura-role': 'manager' })],
  ['a role in another case', {}, good({ 'x-hasura-role': 'Editor' })],
  ['a list of roles', {}, good({ 'x-hasura-role': 'user,editor' })],
  [
    'a default role that is not allowed',
    {},
    token({ [namespace]: { ...hasura, 'x-hasura-allowed-roles': [] } }),
  ],
];

const hooksAndApp: readonly Case[] = [
  ['hook: 401', hook(async () => new Response('', { status: 401 })), {}],
  ['hook: 302', hook(async () => new Response('', { status: 302 })), {}],
  ['hook: no JSON', hook(async () => new Response('secret', { status: 200 })), {}],
  ['hook: a number', hook(async () => Response.json({ 'x-hasura-user-id': 1 })), {}],
  ['hook: no role', hook(async () => Response.json({})), {}],
  ['hook: unreachable', hook(fails), {}],
  ['hook: a deadline', hook(never, { timeoutMs: 5 }), {}],
  ['onSession: deny', bySession(() => deny('secret reason')), good()],
  [
    'onSession: a variable',
    bySession((session) => void requireVariable(session, 'x-hasura-org')),
    good(),
  ],
  [
    'onSession: a list',
    bySession((session) => void arrayVariable(session, 'x-hasura-user-id')),
    good(),
  ],
  ['onSession: a guard', bySession((session) => assertRole(session, 'manager')), good()],
  ...(
    [
      'hook-busy',
      'keys-unavailable',
      'bad-connection-params',
      'session-ended',
      'session-change',
    ] as const
  ).map((kind): Case => [
    `onSession: ${kind}`,
    bySession(() => {
      throw new AuthError(kind, { cause: new Error('secret') });
    }),
    good(),
  ]),
];

const accepted: readonly Case[] = [
  ['anonymous', anonymous, {}],
  ['anonymous, no admin access', { ...anonymous, adminSecret: false }, {}],
  ['anonymous, a misspelt header', anonymous, { authorisation: 'Bearer x' }],
  ['anonymous, another cookie', { ...anonymous, jwtSecret: cookie }, { cookie: 'theme=dark' }],
  ['anonymous without tokens', { ...anonymous, jwtSecret: undefined }, {}],
  [
    'anonymous without tokens, with one',
    { ...anonymous, jwtSecret: undefined },
    { authorization: 'Bearer x' },
  ],
  [
    'anonymous by the environment',
    { ...optionsFromEnv({ HASURA_GRAPHQL_UNAUTHORIZED_ROLE: 'guest' }) },
    {},
  ],
  ['admin', {}, secret],
  [
    'admin with a role',
    {},
    { ...secret, 'x-hasura-role': 'user', 'x-hasura-use-backend-only-permissions': 'true' },
  ],
  ['admin before a token', { precedence: 'admin-secret' }, secret],
  ['token', {}, good()],
  ['token with a role', {}, good({ 'x-hasura-role': 'editor' })],
  ['hook', hook(async () => Response.json({ 'x-hasura-role': 'user' })), {}],
  [
    'hook with listed headers',
    hook(async () => Response.json({ 'x-hasura-role': 'user' }), {
      cache: { headers: ['cookie', 'authorization'] },
    }),
    {},
  ],
  ['unsecured', { unsecured: true, adminSecret: undefined, jwtSecret: undefined }, {}],
  ['onSession', bySession(() => ({ 'x-hasura-org': 'one' })), good()],
];

/** The sentences and steps of each case, as people read them. */
async function sentencesOf(cases: readonly Case[]): Promise<string> {
  const texts = [];
  for (const [name, more, headers] of cases) {
    const { cause, remedy = '(nothing to change)', steps } = await explained(more, await headers);
    const each = steps.map(
      ({ step, lookedAt, found, therefore }) => `    ${step}: ${lookedAt}: ${found}. ${therefore}`,
    );
    texts.push(`${name}\n  ${cause}\n  ${remedy}\n${each.join('\n')}`);
  }
  return texts.join('\n\n');
}

describe('the sentences of an explanation, which were read, say', () => {
  it.each([
    ['why credentials are rejected', credentials],
    ['why a token is rejected', tokens],
    ['why claims and roles are rejected', claims],
    ['why a webhook or the app rejects', hooksAndApp],
    ['why a request is accepted', accepted],
  ])('%s', async (_what, cases) => {
    const text = await sentencesOf(cases);
    expect(text).not.toContain('secret reason');
    expect(text).toMatchSnapshot();
  });

  it('something for each kind of refusal, and what to change', async () => {
    const kinds = new Set<RefusalKind | undefined>();
    for (const [, more, headers] of [...credentials, ...tokens, ...claims, ...hooksAndApp]) {
      const { cause, remedy, refusal, steps } = await explained(more, await headers);
      kinds.add(refusal?.kind);
      for (const sentence of [cause, remedy])
        expect(sentence).toMatch(
          /^[A-Z](?!.*(?:\bundefined\b(?!")|\[object|NaN|\s\s)).*[^.\s:;,]\.$/s,
        );
      expect(steps.at(-1)?.therefore).toContain('rejected');
    }
    // A request that a program passes without headers has no case here; it has a test of its own.
    const all = Object.keys(refusals).filter((kind) => kind !== 'unreadable-headers');
    expect([...kinds].sort()).toEqual(all.sort());
  });
});
