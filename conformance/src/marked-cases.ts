import type { AuthOptions } from '@hasura-auth/core';
import { marked } from './marks.js';
import { testKey } from './keys.js';
import type { Json, JsonObject } from './json.js';
import { mintToken, type TokenRecipe } from './tokens.js';

type Headers = Readonly<Record<string, string>>;

/** A configuration whose every secret is marked, and requests that it refuses. */
export interface MarkedMode {
  readonly name: string;
  readonly options: AuthOptions;
  readonly requests: readonly Headers[];
  /** The tokens in the requests. */
  readonly tokens: readonly string[];
}

const adminSecret = marked('admin-secret');
const key = { type: 'RS256', key: testKey('rsa').spki ?? '' } as const;
const namespace = 'https://hasura.io/jwt/claims';
const issuer = marked('issuer');
const audience = marked('audience');

const hasura: JsonObject = {
  'x-hasura-allowed-roles': [marked('role'), 'user'],
  'x-hasura-default-role': 'user',
  'x-hasura-user-id': marked('user-id'),
  'x-hasura-mrk7-name': marked('value'),
};
const claims: JsonObject = { sub: marked('sub'), iss: issuer, aud: audience, [namespace]: hasura };
const hasuraWith = (more: JsonObject): JsonObject => ({
  ...claims,
  [namespace]: { ...hasura, ...more },
});

const signed = (payload: JsonObject, header: JsonObject = {}): TokenRecipe => ({
  sign: { key: 'rsa', alg: 'RS256', header, unchecked: true },
  claims: payload,
});
const rawPayload = (raw: Json): TokenRecipe => ({
  sign: { key: 'rsa', alg: 'RS256', unchecked: true },
  rawPayload: raw,
});
const rawHeader = (header: Json): TokenRecipe => ({
  sign: { key: 'rsa', alg: 'RS256' },
  claims,
  rawHeader: typeof header === 'string' ? header : JSON.stringify(header),
});

/** One token for each way to be refused; every value in them is marked. */
const badTokens: readonly TokenRecipe[] = [
  ...(['signature', 'payload', 'zero', 'strip', 'two-parts', 'five-parts'] as const).map(
    (tamper) => ({
      ...(signed(claims) as Exclude<TokenRecipe, string>),
      tamper,
    }),
  ),
  { sign: { key: null, alg: 'none' }, claims },
  { sign: { key: 'rsa-other', alg: 'RS256' }, claims },
  ...['header', 'payload', 'signature'].map((part): TokenRecipe => ({
    sign: { key: 'rsa', alg: 'RS256', header: { kid: 'ab' } },
    claims: { ...claims, sub: `${marked('sub')}a` },
    spell: { [part]: 'blank' },
  })),
  signed({ ...claims, exp: 1 }),
  signed({ ...claims, iat: 4e9 }),
  signed({ ...claims, nbf: 4e9 }),
  signed({ ...claims, iss: marked('other-issuer') }),
  signed({ ...claims, aud: [marked('other-audience')] }),
  ...['exp', 'iat', 'nbf'].map((date) => signed({ ...claims, [date]: marked(date) })),
  signed({ ...claims, iss: [marked('iss')] }),
  signed({ ...claims, aud: [5, marked('aud')] }),
  signed({ iss: issuer, aud: audience, sub: marked('sub') }),
  signed({ ...claims, [namespace]: marked('namespace') }),
  signed({ ...claims, [namespace]: [marked('namespace')] }),
  signed({ ...claims, [namespace]: { 'x-hasura-user-id': marked('user-id') } }),
  signed({ ...claims, [namespace]: { 'x-hasura-allowed-roles': [marked('role')] } }),
  signed(hasuraWith({ 'x-hasura-allowed-roles': marked('role') })),
  signed(hasuraWith({ 'x-hasura-allowed-roles': [marked('role'), [marked('role')]] })),
  signed(hasuraWith({ 'x-hasura-allowed-roles': [marked('role'), ''] })),
  signed(hasuraWith({ 'x-hasura-default-role': [marked('role')] })),
  signed(hasuraWith({ 'x-hasura-default-role': marked('other-role') })),
  signed(hasuraWith({ 'x-hasura-mrk7': { of: marked('value') } })),
  signed(hasuraWith({ 'X-Hasura-User-Id': marked('user-id') })),
  rawPayload(`{"sub":"${marked('sub')}"`),
  rawPayload(`"${marked('payload')}"`),
  rawPayload(`${marked('payload')} `.repeat(800)),
  rawHeader(`{"alg":"${marked('alg')}`),
  rawHeader(`"${marked('header')}"`),
  rawHeader({ alg: marked('alg') }),
  rawHeader({ alg: [marked('alg')] }),
  rawHeader({ alg: 'RS256', kid: [marked('kid')] }),
  rawHeader({ alg: 'RS256', crit: [marked('crit')] }),
];

const otherCredentials: readonly Headers[] = [
  { 'x-hasura-admin-secret': marked('wrong-secret') },
  { 'x-hasura-access-key': marked('wrong-key') },
  { 'x-hasura-admin-secret': '', 'x-hasura-access-key': adminSecret },
  { 'x-hasura-admin-secret': adminSecret, 'x-hasura-use-backend-only-permissions': marked('text') },
  { authorization: `Basic ${marked('password')}` },
  { authorization: marked('authorization') },
  { authorization: `Bearer ${marked('one')} ${marked('two')}` },
  { authorization: `Bearer ${marked('no-token')}` },
  { authorization: `Bearer ${marked('a')}.${marked('b')}.${marked('c')}` },
  { 'x-hasura-admin-secret': marked('wrong-secret'), authorization: `Bearer ${marked('token')}` },
  { cookie: `session=${marked('cookie')}`, 'x-hasura-user-id': marked('user-id') },
];

async function mode(
  name: string,
  options: AuthOptions,
  recipes: readonly TokenRecipe[],
  place: (token: string) => readonly Headers[],
  more: readonly Headers[] = [],
): Promise<MarkedMode> {
  const tokens = await Promise.all(recipes.map((recipe) => mintToken(recipe)));
  return { name, options, tokens, requests: [...tokens.flatMap(place), ...more] };
}

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const inCookie = (token: string): Headers => ({ cookie: `${marked('before')}=1; jwt=${token}` });

/** The claims of a text that is no JSON: its message shows it to its sender, cut at 200 characters (spec 11). */
export const shownText = 'this text is shown to its sender, '.padEnd(200, '.');
const stringified = signed({ ...claims, [namespace]: `${shownText}${marked('beyond')}` });

/** Every mode with marked secrets; `url` is a server that answers with marked nonsense, or with a status from its path. */
export async function markedModes(url: string): Promise<readonly MarkedMode[]> {
  const rsa = { adminSecret, jwtSecret: { ...key, issuer, audience } };
  const withSecret = (token: string): readonly Headers[] => [
    bearer(token),
    { ...bearer(token), 'x-hasura-admin-secret': adminSecret },
  ];
  const jwks = (path: string): AuthOptions => ({
    adminSecret,
    jwtSecret: {
      jwk_url: `${url.replace('//', `//user:${marked('password')}@`)}${path}?key=${marked('query')}`,
    },
  });
  const hook = (path: string, method: 'GET' | 'POST'): AuthOptions => ({
    adminSecret,
    authHook: { url: `${url}${path}?key=${marked('query')}`, mode: method },
  });
  const good = signed(claims);
  const hookRequests = [
    {
      ...bearer(await mintToken(good)),
      cookie: marked('cookie'),
      'x-hasura-user-id': marked('id'),
    },
    { 'x-hasura-admin-secret': marked('wrong-secret') },
  ];
  return Promise.all([
    mode('admin secret', { adminSecret }, [good], withSecret, otherCredentials),
    mode('tokens', rsa, badTokens, withSecret, [{}, ...otherCredentials]),
    mode(
      'tokens in a cookie',
      {
        adminSecret,
        jwtSecret: { ...key, issuer, audience, header: { type: 'Cookie', name: 'jwt' } },
      },
      badTokens,
      (token) => [inCookie(token)],
      [{ cookie: `jwt=${marked('one')}; jwt=${marked('two')}` }],
    ),
    mode('roles', rsa, [good], (token) => [
      { ...bearer(token), 'x-hasura-role': marked('requested-role') },
    ]),
    mode(
      'claims that must be there',
      { adminSecret, jwtSecret: { ...key, extra_required_claims: ['jti'] } },
      [good],
      (token) => [bearer(token)],
    ),
    mode(
      'a namespace path',
      { adminSecret, jwtSecret: { ...key, claims_namespace_path: '$.sub.deep' } },
      [good],
      (token) => [bearer(token)],
    ),
    mode(
      'a claims map',
      {
        adminSecret,
        jwtSecret: {
          ...key,
          claims_map: {
            'x-hasura-allowed-roles': ['user'],
            'x-hasura-default-role': { path: '$.aud' },
            'x-hasura-a': { path: '$["https://hasura.io/jwt/claims"]' },
          },
        },
      },
      [good],
      (token) => [bearer(token)],
    ),
    mode(
      'stringified claims',
      { adminSecret, jwtSecret: { ...key, claims_format: 'stringified_json' } },
      [good, stringified],
      (token) => [bearer(token)],
    ),
    mode(
      'a shared secret',
      { adminSecret, jwtSecret: { type: 'HS256', key: marked('hmac').repeat(4) } },
      [good],
      (token) => [bearer(token)],
    ),
    mode(
      'two JWT configurations',
      {
        adminSecret,
        jwtSecrets: [
          { ...key, issuer },
          { ...key, issuer, header: { type: 'Cookie', name: 'jwt' } },
        ],
      },
      [good],
      (token) => [{ ...bearer(token), ...inCookie(token) }],
    ),
    ...['nonsense', 'status/500', 'redirect', 'empty-set'].map((path) =>
      mode(`a key set: ${path}`, jwks(path), [good], (token) => [bearer(token)]),
    ),
    ...(['GET', 'POST'] as const).flatMap((method) =>
      ['nonsense', 'status/401', 'status/500', 'redirect', 'no-role', 'cut'].map((path) =>
        mode(`a ${method} hook: ${path}`, hook(path, method), [good], () => [], hookRequests),
      ),
    ),
  ]);
}
