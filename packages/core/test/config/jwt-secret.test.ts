import { parseJwtSecret } from '../../src/config/jwt-secret.js';
import { parseRuntime } from '../../src/runtime.js';
import { algorithms, type Algorithm } from '../../src/keys/algorithms.js';
import { jwtConfig, parsedJwt } from '../parsed-jwt.js';
import { mistake } from '../thrown.js';
import { privatePem, secretText, spki, testKey } from '../tokens.js';

type Given = Readonly<Record<string, unknown>>;

const rsa = { type: 'RS256', key: spki('rsa') };
const parse = (secret: unknown) => parsedJwt(secret as Given).config;
const raw = (secret: unknown, warnings: string[] = []) =>
  parseJwtSecret(secret, 'jwtSecret', {
    requireAudience: true,
    keySets: { timeoutMs: 1, maxBytes: 1, maxStaleMs: 1, waitMs: 1 },
    runtime: parseRuntime({}),
    warn: (option, text) => void warnings.push(`${option}: ${text}`),
  });
const problem = (secret: unknown): string => mistake(() => raw(secret)).message;
const allowed = (secret: Given): string[] =>
  (Object.keys(algorithms) as Algorithm[]).filter((name) => parse(secret).allows(name)); // a constant table

const types = 'HS256, HS384, HS512, RS256, RS384, RS512, Ed25519, EdDSA, ES256, ES384, ES512';

describe('a JWT configuration', () => {
  it('has defaults', () => {
    const { keys, allows, algorithms, ...rest } = jwtConfig();
    expect([...algorithms]).toEqual(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']);
    expect(rest).toEqual({
      location: { kind: 'authorization' },
      issuer: undefined,
      audiences: undefined,
      requireAudience: true,
      skewMs: 0,
      requiredClaims: [],
      claims: { kind: 'namespace', namespace: 'https://hasura.io/jwt/claims', format: 'json' },
    });
    expect(keys.version).toBe(0);
    expect(allows('RS256')).toBe(true);
  });

  it('may be the JSON text of itself', () => {
    const text = JSON.stringify({ ...rsa, issuer: 'a' });
    expect(raw(text).issuer).toBe('a');
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, 'a number'],
    [[], 'an empty list'],
    ['null', 'null'],
    ['[]', 'an empty list'],
    ['"text"', 'a string'],
  ])('is an object or its JSON text, not %p', (value, kind) => {
    expect(problem(value)).toBe(`jwtSecret: expected an object or its JSON text, got ${kind}`);
  });

  it.each(['', '{', "{'type':'RS256'}", '{"key":"a\nb"}'])('is not broken JSON: %j', (text) => {
    const error = mistake(() => raw(text));
    expect(error.message).toBe(
      'jwtSecret: expected a JSON object, and this text is not valid JSON; check its quotes and that line breaks in it are written \\n',
    );
    expect(error.cause).toBeUndefined(); // a parser's error quotes its input
  });

  it('has the option requireAudience of the app', () => {
    expect(jwtConfig({}, { requireAudience: false }).requireAudience).toBe(false);
  });
});

describe('unknown members', () => {
  it('are refused if they are nearly a known one', () => {
    expect(problem({ ...rsa, audiance: 'a' })).toBe(
      'jwtSecret: "audiance" is unknown; did you mean audience?',
    );
    expect(problem({ ...rsa, Issuer: 'a' })).toBe(
      'jwtSecret: "Issuer" is unknown; did you mean issuer?',
    );
  });

  it('are otherwise logged as a warning', () => {
    const warnings: string[] = [];
    raw({ ...rsa, description: 'for staging' }, warnings);
    expect(warnings).toEqual(['jwtSecret: the member "description" is unknown and has no effect']);
  });

  it('do not include the known ones', () => {
    const { warnings } = parsedJwt({
      audience: 'a',
      issuer: 'a',
      allowed_skew: 1,
      header: { type: 'Authorization' },
      extra_required_claims: ['exp'],
      algorithms: ['RS256'],
    });
    expect(warnings).toEqual([]);
    const namespace = { claims_namespace: 'a', claims_format: 'json' } as const;
    expect(parsedJwt(namespace).warnings).toEqual([]);
    expect(parsedJwt({ claims_namespace_path: '$' }).warnings).toEqual([]);
    const roles = { 'x-hasura-allowed-roles': ['a'], 'x-hasura-default-role': 'a' };
    expect(parsedJwt({ claims_map: roles }).warnings).toEqual([]);
  });
});

describe('members that are null', () => {
  it('are absent, as in the engine', () => {
    const nothing = {
      claims_namespace: null,
      claims_namespace_path: null,
      claims_format: null,
      audience: null,
      issuer: null,
      claims_map: null,
      allowed_skew: null,
      header: null,
      extra_required_claims: null,
      algorithms: null,
      jwk_url: null,
      audiance: null,
    };
    const warnings: string[] = [];
    const { keys, allows, ...rest } = raw(JSON.stringify({ ...rsa, ...nothing }), warnings);
    const { keys: _, allows: __, ...usual } = raw(rsa);
    expect(rest).toEqual(usual);
    expect(warnings).toEqual([]);
    expect(keys.version).toBe(0);
    expect(allows('RS256')).toBe(true);
    expect(parse({ jwk_url: 'https://a.example', type: null, key: null }).issuer).toBeUndefined();
  });

  it('leave a configuration without what it needs', () => {
    expect(problem({ type: null, key: null })).toContain('one of key and jwk_url must be set');
    expect(problem({ type: null, key: 'k' })).toContain('type must be set beside key');
  });

  it('are absent in header too', () => {
    expect(parse({ header: { type: 'Authorization', name: null } }).location).toEqual({
      kind: 'authorization',
    });
    expect(problem({ ...rsa, header: { type: 'Cookie', name: null } })).toContain(
      'jwtSecret.header.name: expected a non-empty string, got undefined',
    );
  });
});

describe('the key', () => {
  it('is either key or jwk_url', () => {
    expect(problem({})).toBe('jwtSecret: one of key and jwk_url must be set');
    expect(problem({ ...rsa, jwk_url: 'https://a.example' })).toBe(
      'jwtSecret: key and jwk_url cannot both be set; keep one of them',
    );
  });

  it('is a text', () => {
    expect(problem({ type: 'RS256', key: '' })).toBe(
      'jwtSecret.key: expected a non-empty string, got an empty string',
    );
    expect(problem({ type: 'HS256', key: 5 })).toBe(
      'jwtSecret.key: expected a non-empty string, got a number',
    );
  });

  it('needs a type', () => {
    expect(problem({ key: spki('rsa') })).toBe(
      `jwtSecret: type must be set beside key, to one of ${types}`,
    );
  });

  it.each<[unknown, string]>([
    ['XS256', '"XS256"'],
    ['PS256', '"PS256"'],
    ['rs256', '"rs256"'],
    ['none', '"none"'],
    ['1234567890', '"1234567890"'],
    ['12345678901', 'a string'],
    [secretText('hs'), 'a string'],
    ['', 'an empty string'],
    [['RS256'], 'a list'],
  ])(
    'does not have the type %p, and the message shows nothing longer than a type',
    (type, shown) => {
      expect(problem({ type, key: 'k' })).toBe(
        `jwtSecret.type: expected one of ${types}, got ${shown}`,
      );
    },
  );

  it('is named by the message if it is wrong', () => {
    expect(problem({ type: 'RS256', key: 'not a key' })).toBe(
      'jwtSecret.key: it is no PEM text (-----BEGIN … with its line breaks, base64, -----END …)',
    );
    expect(problem({ type: 'RS256', key: privatePem('rsa.pkcs8') })).toBe(
      'jwtSecret.key: it is a private key; only the public key belongs here',
    );
  });

  it('is logged as a warning if it is weak', () => {
    expect(parsedJwt({ type: 'RS256', key: spki('rsa-1024') }).warnings).toEqual([
      'jwtSecret.key: the RSA key has 1024 bits; 2048 or more are needed to be safe',
    ]);
  });

  it('is logged as a warning if its certificate has expired by the clock of the app', () => {
    const { x509 = '' } = testKey('rsa');
    const secret = { type: 'RS256', key: x509 } as const;
    expect(parsedJwt(secret).warnings).toEqual([]);
    expect(parsedJwt(secret, { now: Date.UTC(2200, 0) }).warnings).toEqual([
      'jwtSecret.key: the certificate has expired; its key is used all the same, as in the engine',
    ]);
  });
});

describe('algorithms', () => {
  it('are not narrowed by type, which names a family', () => {
    expect(parse(rsa).allows('PS512')).toBe(true);
  });

  it('may be fewer than fit the key', () => {
    expect(allowed({ ...rsa, algorithms: ['RS256', 'PS256'] })).toEqual(['RS256', 'PS256']);
    expect(allowed({ type: 'EdDSA', key: spki('ed25519'), algorithms: ['Ed25519'] })).toEqual([
      'EdDSA', // two names of one algorithm
      'Ed25519',
    ]);
  });

  it('must fit the key', () => {
    expect(problem({ ...rsa, algorithms: ['RS256', 'ES256'] })).toBe(
      'jwtSecret.algorithms[1]: expected an algorithm that fits the key: RS256, RS384, RS512, PS256, PS384, PS512',
    );
    expect(problem({ type: 'ES256', key: spki('p384'), algorithms: ['ES256'] })).toBe(
      'jwtSecret.algorithms[0]: expected an algorithm that fits the key: ES384',
    );
    expect(problem({ type: 'HS256', key: secretText('hs'), algorithms: ['none'] })).toBe(
      'jwtSecret.algorithms[0]: expected an algorithm that fits the key: HS256, HS384, HS512',
    );
    expect(problem({ jwk_url: 'https://a.example', algorithms: ['HS256'] })).toBe(
      'jwtSecret.algorithms[0]: expected an algorithm that fits the key: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519',
    );
  });

  it('must be a list', () => {
    expect(problem({ ...rsa, algorithms: [] })).toBe(
      'jwtSecret.algorithms: expected a list with at least one string, got an empty list',
    );
    expect(problem({ ...rsa, algorithms: 'RS256' })).toContain(
      'jwtSecret.algorithms: expected a list',
    );
  });
});

describe('the header', () => {
  const location = (header: unknown) => parse({ header }).location;

  it.each<[unknown, object]>([
    [{ type: 'Authorization' }, { kind: 'authorization' }],
    [{ type: 'AUTHORIZATION', name: 'ignored' }, { kind: 'authorization' }],
    [
      { type: 'Cookie', name: 'Jwt' },
      { kind: 'cookie', name: 'Jwt' },
    ],
    [
      { type: 'cookie', name: '__Host-jwt' },
      { kind: 'cookie', name: '__Host-jwt' },
    ],
    [
      { type: 'CustomHeader', name: 'X-Token' },
      { kind: 'header', name: 'x-token' },
    ],
    [
      { type: 'customHEADER', name: 'a' },
      { kind: 'header', name: 'a' },
    ],
    ['{"type":"Cookie","name":"a"}', { kind: 'cookie', name: 'a' }],
  ])('may be %j', (header, expected) => {
    expect(location(header)).toEqual(expected);
  });

  it.each<[unknown]>([
    [{ type: 'Query', name: 'jwt' }],
    [{}],
    [{ type: null }],
    [{ type: ['Cookie'] }],
    [{ type: '' }],
  ])('is not %j', (header) => {
    expect(problem({ ...rsa, header })).toBe(
      'jwtSecret.header.type: expected Authorization, Cookie (with a name) or CustomHeader (with a name)',
    );
  });

  it('is an object or its text', () => {
    expect(problem({ ...rsa, header: 'Authorization' })).toContain(
      'jwtSecret.header: expected a JSON object, and this text is not valid JSON',
    );
    expect(problem({ ...rsa, header: 5 })).toBe(
      'jwtSecret.header: expected an object or its JSON text, got a number',
    );
  });

  it('has no misspelt member, and warns of any other unknown one', () => {
    expect(problem({ ...rsa, header: { type: 'Cookie', name: 'a', Name: 'b' } })).toBe(
      'jwtSecret.header: "Name" is unknown; did you mean name?',
    );
    const warnings: string[] = [];
    raw({ ...rsa, header: { type: 'Cookie', name: 'a', description: 'b' } }, warnings);
    expect(warnings).toEqual([
      'jwtSecret.header: the member "description" is unknown and has no effect',
    ]);
  });

  it.each(['Cookie', 'CustomHeader'])('needs a name: %s', (type) => {
    expect(problem({ ...rsa, header: { type } })).toBe(
      'jwtSecret.header.name: expected a non-empty string, got undefined',
    );
    expect(problem({ ...rsa, header: { type, name: '' } })).toContain('an empty string');
    for (const name of ['a b', 'a;b', 'a=b', 'a:b', 'a,b', 'a"', 'ä', 'a\n', ' a', '(a)'])
      expect(problem({ ...rsa, header: { type, name } })).toBe(
        'jwtSecret.header.name: expected a name without blanks and separators',
      );
  });

  it.each(['X-Hasura-Admin-Secret', 'x-hasura-access-key', 'X-Hasura-Role', 'Cookie'])(
    'cannot be %s, which means something else',
    (name) => {
      expect(problem({ ...rsa, header: { type: 'CustomHeader', name } })).toBe(
        `jwtSecret.header.name: ${name.toLowerCase()} has a meaning of its own; choose another name`,
      );
      expect(location({ type: 'Cookie', name })).toEqual({ kind: 'cookie', name });
    },
  );
});

describe('what a token must contain', () => {
  it('issuer is a text', () => {
    expect(parse({ issuer: 'https://a.example' }).issuer).toBe('https://a.example');
    expect(problem({ ...rsa, issuer: '' })).toBe(
      'jwtSecret.issuer: expected a non-empty string, got an empty string',
    );
  });

  it('audience is a text or a list of texts', () => {
    expect(parse({ audience: 'a' }).audiences).toEqual(new Set(['a']));
    expect(parse({ audience: ['a', 'b'] }).audiences).toEqual(new Set(['a', 'b']));
    expect(problem({ ...rsa, audience: '' })).toContain('jwtSecret.audience: expected a non-empty');
    expect(problem({ ...rsa, audience: [] })).toContain('jwtSecret.audience: expected a list');
    expect(problem({ ...rsa, audience: ['a', 5] })).toContain('jwtSecret.audience[1]: expected');
  });

  it('allowed_skew is any finite number of seconds that is not negative', () => {
    expect(parse({ allowed_skew: 90 }).skewMs).toBe(90_000);
    expect(parse({ allowed_skew: 0.25 }).skewMs).toBe(250);
    expect(parse({ allowed_skew: 1e308 }).skewMs).toBe(Number.MAX_SAFE_INTEGER);
    for (const wrong of [-1, -0.5, NaN, Infinity, '5'])
      expect(problem({ ...rsa, allowed_skew: wrong })).toContain(
        'jwtSecret.allowed_skew: expected a finite number of at least 0',
      );
  });

  it('extra_required_claims is a list of registered names', () => {
    const names = ['audience', 'issuer', 'iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'];
    expect(parse({ extra_required_claims: names }).requiredClaims).toEqual([
      ...['aud', 'iss'],
      ...names.slice(2),
    ]);
    for (const wrong of ['email', 'Issuer', 'constructor', 'EXP'])
      expect(problem({ ...rsa, extra_required_claims: ['exp', wrong] })).toBe(
        'jwtSecret.extra_required_claims[1]: expected audience, issuer or one of iss, sub, aud, exp, nbf, iat, jti',
      );
    expect(problem({ ...rsa, extra_required_claims: [] })).toContain('expected a list');
  });
});
