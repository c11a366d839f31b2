import { parseKeySets, parseOptions } from '../../src/config/parse-options.js';
import { parseEngineDefaults } from '../../src/config/mode.js';
import type { AuthOptions, KeySetOptions } from '../../src/config/options.js';
import { isRecord } from '../../src/json.js';
import { mistake } from '../thrown.js';
import { spki } from '../tokens.js';

const rsa = { type: 'RS256', key: spki('rsa') } as const;
const silent = { warn: () => undefined, error: () => undefined }; // of short secrets
/** Reads what JavaScript may pass. */
const loose = (options: unknown) =>
  parseOptions((isRecord(options) ? { logger: silent, ...options } : options) as AuthOptions);
const problem = (options: unknown): string => mistake(() => loose(options)).message;

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

it.each(['tokenCache', 'keySets', 'revocations', 'runtime', 'logger', 'fetch'])(
  '%s is not null: the default is that of an absent option',
  (option) => {
    expect(problem({ adminSecret: 'a', [option]: null })).toMatch(
      new RegExp(`^${option}: expected an? .*(?:, got null)?$`),
    );
  },
);

describe('minRsaBits', () => {
  const jwk = { type: 'RS256', key: spki('rsa-1024') };

  it('is a whole number of at least 1024', () => {
    for (const wrong of [1023, 0, -1, 2048.5])
      expect(problem({ adminSecret: 'a', minRsaBits: wrong })).toBe(
        'minRsaBits: expected a whole number of at least 1024, got a number',
      );
    expect(problem({ adminSecret: 'a', minRsaBits: '2048' })).toContain('got a string');
  });

  it('refuses a shorter key in a configuration; by default one of 1024 bits is accepted', () => {
    const options = { adminSecret: 'a', jwtSecret: jwk };
    expect(loose(options).mode.kind).toBe('jwt');
    expect(problem({ ...options, minRsaBits: 2048 })).toBe(
      'jwtSecret.key: an RSA key must have at least 2048 bits, and this one has 1024',
    );
    expect(
      loose({ ...options, jwtSecret: { ...jwk, key: spki('rsa') }, minRsaBits: 2048 }).mode.kind,
    ).toBe('jwt');
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
      'options: "zzz" is unknown; known are adminSecret, adminSecrets, jwtSecret, jwtSecrets, authHook, unauthorizedRole, precedence, compatibility, errorResponse, realm, onSession, onRefused, logRefusals, unsecured, requireAudience, clientVariables, tokenCache, keySets, revocations, minRsaBits, fetch, logger, runtime',
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
