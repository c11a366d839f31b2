import type { AuthOptions } from '@hasura-auth/core';
import { marked } from './marks.js';
import { testKey, mintToken, type TokenRecipe } from '@hasura-auth/testkit';

import { audience, badTokens, goodToken, issuer, stringifiedToken } from './marked-tokens.js';

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
  const hookRequests = [
    {
      ...bearer(await mintToken(goodToken)),
      cookie: marked('cookie'),
      'x-hasura-user-id': marked('id'),
    },
    { 'x-hasura-admin-secret': marked('wrong-secret') },
  ];
  return Promise.all([
    mode('admin secret', { adminSecret }, [goodToken], withSecret, otherCredentials),
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
    mode('roles', rsa, [goodToken], (token) => [
      { ...bearer(token), 'x-hasura-role': marked('requested-role') },
    ]),
    mode(
      'claims that must be there',
      { adminSecret, jwtSecret: { ...key, extra_required_claims: ['jti'] } },
      [goodToken],
      (token) => [bearer(token)],
    ),
    mode(
      'a namespace path',
      { adminSecret, jwtSecret: { ...key, claims_namespace_path: '$.sub.deep' } },
      [goodToken],
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
      [goodToken],
      (token) => [bearer(token)],
    ),
    mode(
      'stringified claims',
      { adminSecret, jwtSecret: { ...key, claims_format: 'stringified_json' } },
      [goodToken, stringifiedToken],
      (token) => [bearer(token)],
    ),
    mode(
      'a shared secret',
      { adminSecret, jwtSecret: { type: 'HS256', key: marked('hmac').repeat(4) } },
      [goodToken],
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
      [goodToken],
      (token) => [{ ...bearer(token), ...inCookie(token) }],
    ),
    ...['nonsense', 'status/500', 'redirect', 'empty-set'].map((path) =>
      mode(`a key set: ${path}`, jwks(path), [goodToken], (token) => [bearer(token)]),
    ),
    ...(['GET', 'POST'] as const).flatMap((method) =>
      ['nonsense', 'status/401', 'status/500', 'redirect', 'no-role', 'cut'].map((path) =>
        mode(`a ${method} hook: ${path}`, hook(path, method), [goodToken], () => [], hookRequests),
      ),
    ),
  ]);
}
