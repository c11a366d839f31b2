import type { LocationConfigs, TokenLocation } from '../../src/jwt/match-issuer.js';
import {
  authorizationWords,
  findTokens,
  refuseOtherSchemes,
  unreadToken,
  unverifiedTokens,
} from '../../src/jwt/token-location.js';
import { view } from '../request-view.js';
import { refusal } from '../thrown.js';

const at = (location: TokenLocation): LocationConfigs => ({ location, configs: [] });
const authorization = at({ kind: 'authorization' });
const cookie = at({ kind: 'cookie', name: 'jwt' });
const custom = at({ kind: 'header', name: 'x-token' });

type Sent = Readonly<Record<string, string | readonly string[]>>;
const found = (locations: readonly LocationConfigs[], headers: Sent) =>
  findTokens(locations, view(headers)).map(({ token }) => token);
const kindOf = (locations: readonly LocationConfigs[], headers: Sent): string =>
  refusal(() => findTokens(locations, view(headers))).kind;

describe('Authorization', () => {
  it.each([
    ['Bearer a.b.c', 'a.b.c'],
    ['bearer a.b.c', 'a.b.c'],
    ['BEARER a.b.c', 'a.b.c'],
    ['Bearer   a.b.c', 'a.b.c'],
    ['Bearer\ta.b.c', 'a.b.c'],
    ['bearer \t a.b.c', 'a.b.c'],
    ['  Bearer a.b.c  ', 'a.b.c'],
    ['Bearer a.b.c ', 'a.b.c'],
    ['Bearer a.b.c\t', 'a.b.c'],
    ['Bearer Bearer', 'Bearer'],
    ['Bearer a,b', 'a,b'],
    ['\tbearer\ta', 'a'],
    ['Bearer a\u00c2\u00a0', 'a\u00a0'],
    ['Bearer \u2028a', '\u2028a'],
    ['Bearer a\u00c2\u00a0b', 'a\u00a0b'],
  ])('%j holds %j', (value, token) => {
    expect(found([authorization], { authorization: value })).toEqual([token]);
  });

  it.each([
    'Bearer',
    'bearer',
    'Bearer ',
    ' Bearer',
    'Bearer  ',
    'Bearer\t',
    'Bearer a b',
    'Bearer a\tb',
    'Bearer  a  b',
    'Bearer a \u00a0',
  ])('%j is malformed', (value) => {
    expect(kindOf([authorization], { authorization: value })).toBe('malformed-authorization');
  });

  it.each([
    '',
    'Basic YTpi',
    'Bearera.b.c',
    'Bearer-ish a',
    'Token a.b.c',
    'x Bearer a',
    'a.b.c',
    'Bearer\u00a0a',
    '\u00a0Bearer a',
    'Bearer\va',
    '\ufeffBearer a',
  ])('%j holds no token: another step says what becomes of it', (value) => {
    expect(found([authorization], { authorization: value })).toEqual([]);
  });

  it('may be absent', () => {
    expect(found([authorization], {})).toEqual([]);
  });

  it('is not looked at if it is no location', () => {
    expect(found([cookie, custom], { authorization: 'Bearer a.b.c' })).toEqual([]);
    expect(found([cookie], { authorization: 'Bearer' })).toEqual([]);
  });

  it('may be malformed if another location yields a token', () => {
    const headers = { authorization: 'Bearer', cookie: 'jwt=a.b.c' };
    expect(found([authorization, cookie], headers)).toEqual(['a.b.c']);
    expect(kindOf([authorization, cookie], { authorization: 'Bearer', cookie: 'jwt=' })).toBe(
      'malformed-authorization',
    );
  });
});

describe('a cookie', () => {
  it.each([
    ['jwt=a.b.c', 'a.b.c'],
    ['other=1; jwt=a.b.c', 'a.b.c'],
    ['other=1;jwt=a.b.c;last=2', 'a.b.c'],
    ['  jwt = a.b.c ; x=y', 'a.b.c'],
    ['jwt=a=b', 'a=b'],
    ['jwt="a.b.c"', 'a.b.c'],
    ['jwt="a=b"', 'a=b'],
    ['jwt="', '"'],
    ['jwt="a', '"a'],
    ['jwt=a"', 'a"'],
    ['jwt=""a""', '"a"'],
    ['jwt=""; jwt=a', 'a'],
    ['jwt=%61', '%61'],
    ['jwt; jwt=a', 'a'],
    ['jwt=; jwt=a', 'a'],
    ['jwtx=1; jwt=a', 'a'],
    ['x=jwt; jwt=a', 'a'],
  ])('%j holds %j', (value, token) => {
    expect(found([cookie], { cookie: value })).toEqual([token]);
  });

  it.each(['', 'jwt', 'jwt=', 'JWT=a', 'xjwt=a', 'jwtx=a', 'x=jwt=a', 'other=jwt', ';;;', '='])(
    '%j holds none',
    (value) => {
      expect(found([cookie], { cookie: value })).toEqual([]);
    },
  );

  it('may be absent', () => {
    expect(found([cookie], {})).toEqual([]);
  });

  it.each(['jwt=a; jwt=b', 'jwt=a; jwt=a', 'jwt=a;x=1;jwt=b', 'jwt="a"; jwt=b'])(
    '%j is ambiguous',
    (value) => {
      expect(kindOf([cookie], { cookie: value })).toBe('ambiguous-token');
    },
  );

  it('is ambiguous over two headers, too', () => {
    expect(kindOf([cookie], { cookie: ['jwt=a', 'jwt=b'] })).toBe('ambiguous-token');
    expect(found([cookie], { cookie: ['x=1', 'jwt=b'] })).toEqual(['b']);
  });

  it.each(['__proto__', 'constructor', 'toString'])('may be named %s', (name) => {
    const named = at({ kind: 'cookie', name });
    expect(found([named], { cookie: `${name}=a.b.c` })).toEqual(['a.b.c']);
    expect(found([named], { cookie: 'x=1' })).toEqual([]);
    expect(found([named], { cookie: name })).toEqual([]);
  });
});

describe('a header of its own', () => {
  it('holds the bare token', () => {
    expect(found([custom], { 'X-Token': 'a.b.c' })).toEqual(['a.b.c']);
    expect(found([custom], { 'x-token': 'Bearer a' })).toEqual(['Bearer a']);
  });

  it('is absent if it is empty', () => {
    expect(found([custom], { 'x-token': '' })).toEqual([]);
    expect(found([custom], {})).toEqual([]);
  });
});

describe('several locations', () => {
  it('give a token each, and say where it was', () => {
    const headers = { authorization: 'Bearer a', cookie: 'jwt=b', 'x-token': 'c' };
    const tokens = findTokens([authorization, cookie, custom], view(headers));
    expect(tokens.map(({ token }) => token)).toEqual(['a', 'b', 'c']);
    expect(tokens.map((one) => one.at)).toEqual([authorization, cookie, custom]);
    expect(tokens[1]?.at).toBe(cookie);
  });
});

describe('an Authorization header that no step could use', () => {
  it.each(['', 'Basic YTpi', 'a.b.c'])('is refused: %j', (value) => {
    const check = refuseOtherSchemes([cookie, authorization]);
    const { kind, message } = refusal(() => check(view({ authorization: value })));
    expect({ kind, message }).toEqual({
      kind: 'malformed-authorization',
      message: 'Malformed Authorization header',
    });
  });

  it('is let pass if Authorization is no location', () => {
    expect(
      refuseOtherSchemes([cookie, custom])(view({ authorization: 'Basic x' })),
    ).toBeUndefined();
    expect(refuseOtherSchemes([])(view({ authorization: 'Basic x' }))).toBeUndefined();
  });

  it('may be absent', () => {
    expect(refuseOtherSchemes([authorization])(view())).toBeUndefined();
  });
});

describe('what follows "Bearer ", not read', () => {
  const unread = (locations: readonly LocationConfigs[], headers: Sent) =>
    unreadToken(locations)(view(headers));

  it.each([
    ['Bearer a.b.c', 'a.b.c'],
    ['Bearer a b', 'a b'],
    ['Bearer ', ''],
    ['Bearer ä', 'ä'],
  ])('of %j is %j, whatever it is', (header, token) => {
    expect(unread([authorization], { authorization: header })).toEqual({
      token,
      at: authorization,
    });
  });

  it.each(['bearer a', 'Bearer', ' Bearer a', 'Token Bearer a', ''])('of %j is none', (header) => {
    expect(unread([authorization], { authorization: header })).toBeUndefined();
  });

  it('is none without the header, or if tokens may be elsewhere', () => {
    const headers = { authorization: 'Bearer a', cookie: 'jwt=b' };
    expect(unread([authorization], {})).toBeUndefined();
    for (const locations of [[], [cookie], [authorization, cookie], [custom]])
      expect(unread(locations, headers)).toBeUndefined();
  });

  it('is the very one that is found, unless the header is read as another text', () => {
    const read = (header: string) => {
      const request = view({ authorization: header });
      const known = unreadToken([authorization])(request);
      return { known, found: findTokens([authorization], request, known) };
    };
    const plain = read('Bearer a.b.c');
    expect(plain.found[0]).toBe(plain.known);
    const encoded = read('Bearer \u00c3\u00a4'); // the two bytes of ä
    expect(encoded.known?.token).toBe('\u00c3\u00a4');
    expect(encoded.found).toEqual([{ token: 'ä', at: authorization }]);
    const blank = read('Bearer a ');
    expect(blank.known?.token).toBe('a ');
    expect(blank.found).toEqual([{ token: 'a', at: authorization }]);
  });
});

it('tokens that cannot be read are none for bookkeeping, and others are listed', () => {
  const tokens = unverifiedTokens([authorization, custom]);
  expect(tokens(view({ authorization: 'Bearer a', 'x-token': 'b' }))).toEqual(['a', 'b']);
  expect(tokens(view({ authorization: 'Bearer a b' }))).toEqual([]);
});

describe('the words of Authorization', () => {
  const words = (authorization?: string): readonly string[] =>
    authorizationWords(view(authorization === undefined ? {} : { authorization }));
  const long = '0123456789abcdef';
  const jwt = 'eyJhbGciOi.eyJzdWIi.c2lnbmF0';

  it('are none without the header, and none shorter than 16 characters', () => {
    for (const header of [undefined, '', 'Bearer abc', `Bearer ${long.slice(1)}`])
      expect(words(header)).toEqual([]);
  });

  it.each([
    [`Bearer ${long}`, [long]],
    [`Bearer x${long}`, [`x${long}`]],
    [`Token ${long}`, [long]],
    [`Bearer ${long},${long}2`, [`${long},${long}2`, long, `${long}2`]],
    [`Bearer 1|${long}`, [`1|${long}`, long]],
    [`Bearer token=${long}`, [`token=${long}`, long]],
    [`Bearer ${long}==`, [`${long}==`, long]],
    [`Bearer-${long}`, [long, `Bearer-${long}`]],
    [`${long}`, [long]],
  ])('of %j are all that may be tokens', (header, expected) => {
    expect([...words(header)].sort()).toEqual([...expected].sort());
  });

  it('contain a JWT wherever it begins, and nothing that only begins as one', () => {
    for (const header of [`Bearer${jwt}`, `x eyJ ${jwt}`, `"${jwt}"`, `eyJ${jwt}`])
      expect(words(header)).toContain(jwt);
    expect(words(`Bearer ${jwt} eyJ.b eyJ`)).not.toContain('eyJ.b');
  });

  it('are at most 64, and at most 16 beginnings of a JWT', () => {
    const many = (count: number, text: (at: number) => string): string =>
      `Bearer ${Array.from({ length: count }, (_, at) => text(at)).join(' ')}`;
    const numbered = (at: number): string => `${long}${String(at)}`;
    expect(words(many(63, numbered))).toHaveLength(64); // and all of them as one
    expect(refusal(() => words(many(64, numbered))).kind).toBe('malformed-authorization');
    expect(words(many(16, () => 'eyJ'))).toHaveLength(1);
    expect(refusal(() => words(many(17, () => 'eyJ'))).kind).toBe('malformed-authorization');
  });
});
