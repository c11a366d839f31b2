import { parseKeySets, parseOptions } from '../../src/config/parse-options.js';
import { parseEngineDefaults } from '../../src/config/mode.js';
import type { AuthOptions, KeySetOptions } from '../../src/config/options.js';
import { isRecord } from '../../src/json.js';
import { mistake } from '../thrown.js';
import { secretText, spki } from '../tokens.js';

const rsa = { type: 'RS256', key: spki('rsa') } as const;
const hs = { type: 'HS256', key: secretText('hs').repeat(3) } as const;
const p256 = { type: 'ES256', key: spki('p256') } as const;
/** What JavaScript passes, with a logger that keeps quiet of short secrets. */
const silent = { warn: () => undefined, error: () => undefined };
const loose = (options: unknown) =>
  parseOptions((isRecord(options) ? { logger: silent, ...options } : options) as AuthOptions);
const problem = (options: unknown): string => mistake(() => loose(options)).message;

describe('the mode', () => {
  it('is admin-secret with a secret alone', () => {
    expect(loose({ adminSecret: 'a' }).mode).toEqual({
      kind: 'admin-secret',
      secrets: ['a'],
      anonymous: undefined,
    });
    expect(loose({ adminSecrets: ['a', 'b'] }).mode).toMatchObject({ secrets: ['a', 'b'] });
    expect(loose({ adminSecret: 'a', adminSecrets: ['b'] }).mode).toMatchObject({ secrets: ['b'] });
  });

  it('is jwt with a JWT configuration beside it', () => {
    const { mode } = loose({ adminSecret: 'a', jwtSecret: rsa });
    expect(mode).toMatchObject({ kind: 'jwt', secrets: ['a'], precedence: 'jwt' });
    expect(loose({ adminSecret: false, jwtSecret: rsa }).mode).toMatchObject({ secrets: [] });
  });

  it('takes a list of JWT configurations before a single one', () => {
    const lists = [
      { ...rsa, issuer: 'a' },
      { ...rsa, issuer: 'b' },
    ];
    const { mode } = loose({ adminSecret: 'a', jwtSecret: 'broken', jwtSecrets: lists });
    expect(mode).toMatchObject({ jwts: [{ issuer: 'a' }, { issuer: 'b' }] });
    expect(loose({ adminSecret: 'a', jwtSecrets: [rsa] }).mode).toMatchObject({ kind: 'jwt' });
  });

  it('is webhook with a hook', () => {
    expect(loose({ adminSecret: 'a', authHook: 'http://127.0.0.1:9/' }).mode).toMatchObject({
      kind: 'webhook',
      secrets: ['a'],
    });
    expect(loose({ adminSecret: false, authHook: 'http://127.0.0.1:9/' }).mode).toMatchObject({
      secrets: [],
    });
  });

  it('is unsecured if the option says so', () => {
    expect(loose({ unsecured: true }).mode).toEqual({ kind: 'unsecured' });
    expect(loose({ unsecured: false, adminSecret: 'a' }).mode).toMatchObject({
      kind: 'admin-secret',
    });
  });

  it.each([
    'adminSecret',
    'adminSecrets',
    'jwtSecret',
    'jwtSecrets',
    'authHook',
    'unauthorizedRole',
  ])('is not unsecured beside %s', (option) => {
    expect(problem({ unsecured: true, [option]: 'a' })).toBe(
      `unsecured: true cannot be combined with ${option}; remove one of them`,
    );
  });

  it('needs a secret', () => {
    expect(problem({})).toBe(
      'adminSecret: none of adminSecret, jwtSecret and authHook is set; set one of them, or the option unsecured: true to accept every request as admin',
    );
    expect(problem({ unauthorizedRole: 'a' })).toBe(problem({}));
    for (const option of ['jwtSecret', 'jwtSecrets', 'authHook'])
      expect(problem({ [option]: 'a' })).toBe(
        `adminSecret: ${option} is set, so adminSecret must be set too, or adminSecret: false for no admin access`,
      );
    expect(problem({ adminSecret: false })).toBe(
      'adminSecret: it allows no admin access, so jwtSecret or authHook must be set',
    );
    expect(problem({ unsecured: 'yes' })).toBe('unsecured: expected true or false, got a string');
  });

  it('has secrets that are texts', () => {
    expect(problem({ adminSecret: '' })).toBe(
      'adminSecret: expected a non-empty string, got an empty string',
    );
    expect(problem({ adminSecret: true })).toBe(
      'adminSecret: expected a non-empty string, got a boolean',
    );
    expect(problem({ adminSecrets: [] })).toBe(
      'adminSecrets: expected a list with at least one string, got an empty list',
    );
  });

  it('has a list of JWT configurations that is one', () => {
    expect(problem({ adminSecret: 'a', jwtSecrets: [] })).toBe(
      'jwtSecrets: expected a list with at least one JWT configuration, got an empty list',
    );
    expect(problem({ adminSecret: 'a', jwtSecrets: rsa })).toBe(
      'jwtSecrets: expected a list with at least one JWT configuration, got an object',
    );
    expect(problem({ adminSecret: 'a', jwtSecrets: [rsa, { type: 'RS256' }] })).toContain(
      'jwtSecrets[1]: one of key and jwk_url',
    );
  });

  it('does not mix a hook with tokens or with an unauthorized role', () => {
    const hook = { adminSecret: 'a', authHook: 'http://127.0.0.1:9/' };
    for (const option of ['jwtSecret', 'jwtSecrets'])
      expect(problem({ ...hook, [option]: rsa })).toBe(
        `authHook: authHook and ${option} cannot both be set; keep one of them`,
      );
    expect(problem({ ...hook, unauthorizedRole: 'a' })).toBe(
      'unauthorizedRole: it cannot be combined with authHook: the webhook decides about requests without credentials',
    );
  });
});

describe('two JWT configurations', () => {
  const two = (first: object, second: object) => ({
    adminSecret: 'a',
    jwtSecrets: [
      { ...rsa, ...first },
      { ...rsa, ...second },
    ],
  });
  const cookie = (name: string) => ({ header: { type: 'Cookie', name } });

  it('have two issuers or two places', () => {
    expect(loose(two({ issuer: 'a' }, { issuer: 'b' })).mode.kind).toBe('jwt');
    expect(loose(two({ issuer: 'a' }, {})).mode.kind).toBe('jwt');
    expect(loose(two({}, cookie('a'))).mode.kind).toBe('jwt');
    expect(loose(two(cookie('a'), cookie('b'))).mode.kind).toBe('jwt');
  });

  it('without an issuer each, or with the same one and keys of one family, could not be told apart', () => {
    const apart = 'jwtSecrets[1]: its tokens cannot be told apart from those of jwtSecrets[0]: ';
    expect(problem(two({}, {}))).toBe(
      `${apart}both read the same header and have no issuer; set the issuer of each, or another header`,
    );
    expect(problem(two({ issuer: 'a' }, { issuer: 'a' }))).toBe(
      `${apart}both read the same header and have the same issuer and keys for RS256; set another issuer or header, or algorithms that differ`,
    );
    expect(problem(two(cookie('a'), cookie('a')))).toContain('have no issuer');
    expect(problem(two({}, hs))).toContain('have no issuer'); // a token without an issuer fits both
    const third = two({}, { issuer: 'a' });
    expect(problem({ ...third, jwtSecrets: [...third.jwtSecrets, rsa] })).toContain(
      'jwtSecrets[2]: its tokens cannot be told apart from those of jwtSecrets[0]',
    );
  });

  const issuer = 'a';
  const set = { ...rsa, type: undefined, key: undefined, jwk_url: 'https://a.example/jwks' };
  it.each([
    ['a shared secret and an RSA key', hs, rsa],
    ['a shared secret and a key set, which holds no shared secrets', hs, set],
    [
      'an RSA key and a key set whose algorithms are narrowed',
      rsa,
      { ...set, algorithms: ['ES256'] },
    ],
    [
      'two key sets whose algorithms differ',
      { ...set, algorithms: ['EdDSA'] },
      { ...set, algorithms: ['RS256'] },
    ],
    ['keys on two curves', p256, { type: 'ES384', key: spki('p384') }],
  ])('with one issuer are told apart by the algorithm: %s', (_, first, second) => {
    for (const jwtSecrets of [
      [first, second],
      [second, first],
    ])
      expect(
        loose({
          adminSecret: 'a',
          jwtSecrets: jwtSecrets.map((secret) => ({ ...secret, issuer })),
        }).mode.kind,
      ).toBe('jwt');
  });

  it.each([
    ['two shared secrets, whatever their types', hs, { ...hs, type: 'HS512' }, 'HS256'],
    ['an RSA key and a key set', rsa, set, 'RS256'],
    ['a P-256 key and a key set', p256, set, 'ES256'],
    ['two key sets', set, { ...set, jwk_url: 'https://b.example/jwks' }, 'RS256'],
    [
      'two spellings of one algorithm',
      { ...set, algorithms: ['EdDSA'] },
      { ...set, algorithms: ['Ed25519'] },
      'Ed25519',
    ],
  ])('with one issuer cannot be: %s', (_, first, second, shared) => {
    const jwtSecrets = [first, second].map((secret) => ({ ...secret, issuer }));
    expect(problem({ adminSecret: 'a', jwtSecrets })).toContain(
      `have the same issuer and keys for ${shared};`,
    );
  });
});

describe('requests without credentials', () => {
  it('have a role if one is given', () => {
    expect(loose({ adminSecret: 'a', unauthorizedRole: 'anonymous' }).mode).toMatchObject({
      anonymous: { role: 'anonymous', clientVariables: 'drop' },
    });
    const jwt = { adminSecret: 'a', jwtSecret: rsa, unauthorizedRole: 'anonymous' };
    expect(loose({ ...jwt, clientVariables: 'keep' }).mode).toMatchObject({
      anonymous: { role: 'anonymous', clientVariables: 'keep' },
    });
    expect(problem({ adminSecret: 'a', unauthorizedRole: '' })).toBe(
      'unauthorizedRole: expected a non-empty string, got an empty string',
    );
  });
});

describe('compatibility', () => {
  const jwt = { adminSecret: 'a', jwtSecret: rsa, unauthorizedRole: 'a' };
  const facts = (options: object) => {
    const { mode, errorResponse } = loose({ ...jwt, ...options });
    if (mode.kind !== 'jwt') throw new Error('the mode is jwt');
    return [
      mode.precedence,
      mode.jwts[0]?.requireAudience,
      mode.anonymous?.clientVariables,
      errorResponse,
    ];
  };

  it('is with the documentation by default', () => {
    expect(facts({})).toEqual(['jwt', true, 'drop', 'http']);
    expect(facts({ compatibility: 'documented' })).toEqual(facts({}));
  });

  it('with the engine changes two defaults of key sets', () => {
    const usual = { match: 'kid', maxAgeMs: 3_600_000 };
    expect(parseEngineDefaults({}).keySets).toEqual(usual);
    const engine = parseEngineDefaults({ compatibility: 'engine' }).keySets;
    expect(engine).toEqual({ match: 'any', maxAgeMs: Infinity });
    expect(parseKeySets(undefined, engine)).toMatchObject(engine);
    expect(parseKeySets(usual as KeySetOptions, engine)).toMatchObject(usual);
    expect(parseKeySets({}, parseEngineDefaults({}).keySets)).toEqual({
      timeoutMs: 5000,
      maxBytes: 1_048_576,
      maxStaleMs: Infinity,
      waitMs: 500,
      ...usual,
    });
  });

  it('with the engine changes four other defaults', () => {
    expect(facts({ compatibility: 'engine' })).toEqual(['admin-secret', false, 'keep', 'engine']);
  });

  it('leaves each of them to be set alone', () => {
    const engine = { compatibility: 'engine' };
    expect(facts({ ...engine, precedence: 'jwt' })[0]).toBe('jwt');
    expect(facts({ ...engine, requireAudience: true })[1]).toBe(true);
    expect(facts({ ...engine, clientVariables: 'drop' })[2]).toBe('drop');
    expect(facts({ ...engine, errorResponse: 'http' })[3]).toBe('http');
    const all = { precedence: 'admin-secret', requireAudience: false, clientVariables: 'keep' };
    expect(facts({ ...all, errorResponse: 'engine' })).toEqual(facts(engine));
  });

  it.each([
    ['compatibility', 'documented, engine'],
    ['precedence', 'jwt, admin-secret'],
    ['clientVariables', 'drop, keep'],
    ['errorResponse', 'http, engine, graphql, metadata, problem, forward'],
  ])('knows the names of %s', (option, names) => {
    expect(problem({ ...jwt, [option]: 'other' })).toBe(`${option}: expected one of ${names}`);
  });

  it('wants a switch to be one', () => {
    expect(problem({ ...jwt, requireAudience: 'no' })).toBe(
      'requireAudience: expected true or false, got a string',
    );
  });
});

describe('how refusals are answered', () => {
  it.each(['http', 'engine', 'graphql', 'metadata', 'problem', 'forward'])('may be %s', (style) => {
    expect(loose({ adminSecret: 'a', errorResponse: style }).errorResponse).toBe(style);
  });

  it('may be a function', () => {
    const own = () => ({ status: 418 });
    expect(loose({ adminSecret: 'a', errorResponse: own }).errorResponse).toBe(own);
  });
});

describe('the realm', () => {
  const realmOf = (realm: unknown) => loose({ adminSecret: 'a', realm }).realm;

  it.each(['hasura', 'My API (v2)', '~', '!#[]'])('may be %s', (realm) => {
    expect(realmOf(realm)).toBe(realm);
  });

  it('is hasura by default', () => {
    expect(realmOf(undefined)).toBe('hasura');
  });

  it.each(['a"b', 'a\\b', 'ä', 'a\nb', 'a\tb', '\x7F'])('is not %j', (realm) => {
    expect(problem({ adminSecret: 'a', realm })).toBe(
      'realm: expected printable ASCII characters other than " and \\',
    );
  });

  it('is a text', () => {
    expect(problem({ adminSecret: 'a', realm: '' })).toContain('realm: expected a non-empty');
  });
});

describe('the bounds of the token cache', () => {
  const bounds = (tokenCache: unknown) => loose({ adminSecret: 'a', tokenCache }).tokenCache;

  it('have defaults', () => {
    expect(bounds(undefined)).toEqual({ maxEntries: 10_000, maxBytes: 67_108_864 });
    expect(bounds({})).toEqual(bounds(undefined));
    expect(bounds({ maxEntries: 1 })).toEqual({ maxEntries: 1, maxBytes: 67_108_864 });
    expect(bounds({ maxBytes: 1 })).toEqual({ maxEntries: 10_000, maxBytes: 1 });
  });

  it('are none where there shall be no cache', () => {
    expect(bounds(false)).toBeUndefined();
  });

  it('are numbers', () => {
    const wrong = (tokenCache: unknown) => problem({ adminSecret: 'a', tokenCache });
    expect(wrong(true)).toBe('tokenCache: expected an object, got a boolean');
    expect(wrong({ maxEntries: 0 })).toBe(
      'tokenCache.maxEntries: expected a whole number of at least 1, got a number',
    );
    expect(wrong({ maxBytes: 0 })).toBe(
      'tokenCache.maxBytes: expected a whole number of at least 1, got a number',
    );
    expect(wrong({ max: 5 })).toBe('tokenCache: "max" is unknown; known are maxEntries, maxBytes');
  });
});

describe('the bounds of key sets', () => {
  const wrong = (keySets: unknown) => problem({ adminSecret: 'a', keySets });

  it.each([
    ['timeoutMs', 0, 'of at least 1'],
    ['maxBytes', 0, 'of at least 1'],
    ['maxStaleMs', -1, 'of at least 0 or Infinity'],
    ['waitMs', -1, 'of at least 0'],
    ['waitMs', Infinity, 'of at least 0'],
    ['timeoutMs', Infinity, 'of at least 1'],
    ['maxAgeMs', -1, 'of at least 0 or Infinity'],
  ])('are numbers: %s is not %p', (member, value, expected) => {
    expect(wrong({ [member]: value })).toBe(
      `keySets.${member}: expected a whole number ${expected}, got ${value === Infinity ? 'Infinity' : 'a number'}`,
    );
  });

  it('are known, and may all be given', () => {
    const all = { timeoutMs: 1, maxBytes: 1, maxStaleMs: Infinity, waitMs: 0, maxAgeMs: 0 };
    expect(loose({ adminSecret: 'a', keySets: all }).mode.kind).toBe('admin-secret');
    expect(loose({ adminSecret: 'a', keySets: { maxStaleMs: 0 } }).mode.kind).toBe('admin-secret');
    expect(wrong({ match: 'alg' })).toBe('keySets.match: expected one of kid, any');
    expect(wrong({ timeout: 5 })).toBe('keySets: "timeout" is unknown; did you mean timeoutMs?');
    expect(wrong(5)).toBe('keySets: expected an object, got a number');
  });
});

describe('options', () => {
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    ['secret', 'a string'],
    [[], 'an empty list'],
    [() => 1, 'a function'],
  ])('are an object, not %p', (options, kind) => {
    expect(problem(options)).toBe(`options: expected an object, got ${kind}`);
  });

  it('are known by name', () => {
    expect(problem({ adminSceret: 'a' })).toBe(
      'options: "adminSceret" is unknown; did you mean adminSecret?',
    );
    expect(problem({ adminSecret: 'a', zzz: 1 })).toBe(
      'options: "zzz" is unknown; known are adminSecret, adminSecrets, jwtSecret, jwtSecrets, authHook, unauthorizedRole, precedence, compatibility, errorResponse, realm, unsecured, requireAudience, clientVariables, tokenCache, keySets, fetch, logger, runtime',
    );
  });

  it('that are undefined count as absent', () => {
    const known = ['jwtSecret', 'jwtSecrets', 'authHook', 'unauthorizedRole', 'precedence'];
    const more = ['compatibility', 'errorResponse', 'unsecured', 'requireAudience', 'tokenCache'];
    const absent = [
      ...known,
      ...more,
      'clientVariables',
      'keySets',
      'fetch',
      'logger',
      'runtime',
      'realm',
    ];
    const options = Object.fromEntries(absent.map((name) => [name, undefined]));
    expect(loose({ ...options, adminSecret: 'a' }).mode).toEqual(loose({ adminSecret: 'a' }).mode);
  });

  it('pass on what is no mistake in them', () => {
    const now = () => {
      throw new RangeError('the clock broke');
    };
    expect(() => loose({ adminSecret: 'a', jwtSecret: rsa, runtime: { now } })).toThrow(RangeError);
  });
});
