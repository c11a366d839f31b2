import type { Json, JsonObject, TokenRecipe } from '@hasura-auth/testkit';

import { marked } from './marks.js';

const namespace = 'https://hasura.io/jwt/claims';
/** What a good token says. */
export const issuer = marked('issuer');
export const audience = marked('audience');

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

const signed = (payload: JsonObject): TokenRecipe => ({
  sign: { key: 'rsa', alg: 'RS256', unchecked: true },
  claims: payload,
});
const rawPayload = (raw: string): TokenRecipe => ({
  sign: { key: 'rsa', alg: 'RS256', unchecked: true },
  rawPayload: raw,
});
const rawHeader = (header: Json): TokenRecipe => ({
  sign: { key: 'rsa', alg: 'RS256' },
  claims,
  rawHeader: typeof header === 'string' ? header : JSON.stringify(header),
});

/** A token that is good where its issuer and audience are asked for; every value in it is marked. */
export const goodToken = signed(claims);

/** One token for each way to be refused; every value in them is marked. */
export const badTokens: readonly TokenRecipe[] = [
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

/** The claims of a text that is no JSON: its message shows it to its sender, cut at 200 characters (spec 11). */
export const shownText = 'this text is shown to its sender, '.padEnd(200, '.');
/** A token whose claims are that text. */
export const stringifiedToken = signed({
  ...claims,
  [namespace]: `${shownText}${marked('beyond')}`,
});
