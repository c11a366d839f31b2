import { looseJwt, jwtConfig, parsedJwt } from '../parsed-jwt.js';
import { mistake } from '../thrown.js';
import { spki } from '../tokens.js';

type Given = Readonly<Record<string, unknown>>;

const rsa = { type: 'RS256', key: spki('rsa') };
const parse = (secret: unknown) => parsedJwt(secret as Given).config;
const problem = (secret: unknown): string => mistake(() => looseJwt(secret)).message;

describe('a JWT configuration', () => {
  it('has defaults', () => {
    const { keys, algorithms, ...rest } = jwtConfig();
    expect([...algorithms]).toEqual(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']);
    expect(rest).toEqual({
      option: 'jwtSecret',
      location: { kind: 'authorization' },
      issuer: undefined,
      audiences: undefined,
      requireAudience: true,
      skewMs: 0,
      requiredClaims: [],
      claims: { kind: 'namespace', namespace: 'https://hasura.io/jwt/claims', format: 'json' },
    });
    expect(keys.version).toBe(0);
  });

  it('may be the JSON text of itself', () => {
    const text = JSON.stringify({ ...rsa, issuer: 'a' });
    expect(looseJwt(text).config.issuer).toBe('a');
  });

  const several =
    'several configurations belong in HASURA_GRAPHQL_JWT_SECRETS, or the option jwtSecrets';
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, 'a number'],
    ['null', 'null'],
    [[], `an empty list; ${several}`],
    ['[]', `an empty list; ${several}`],
    ['[{}]', `a list; ${several}`],
  ])('is an object or its JSON text, not %p', (value, kind) => {
    expect(problem(value)).toBe(`jwtSecret: expected an object or its JSON text, got ${kind}`);
  });

  it.each<[string, unknown, string]>([
    [
      'JSON that was encoded twice',
      JSON.stringify(JSON.stringify(rsa)),
      'expected a JSON object, and this text is JSON that was encoded twice; remove the outer quotes and the backslashes in it',
    ],
    [
      'a JWK set',
      { keys: [{ kty: 'RSA' }] },
      'it is a JWK set itself; publish it and set jwk_url to its address, or set type, and key to the key as PEM',
    ],
    [
      'a JWK',
      { kty: 'RSA', n: 'a', e: 'AQAB' },
      'it is a JWK itself; publish it and set jwk_url to its address, or set type, and key to the key as PEM',
    ],
    ['aud', { ...rsa, aud: 'api' }, '"aud" is unknown; did you mean audience?'],
    ['iss', { ...rsa, iss: 'a' }, '"iss" is unknown; did you mean issuer?'],
    [
      'clockTolerance',
      { ...rsa, clockTolerance: 5 },
      '"clockTolerance" is unknown; did you mean allowed_skew?',
    ],
  ])('is refused with a sentence of its own: %s', (_name, value, expected) => {
    expect(problem(value)).toBe(`jwtSecret: ${expected}`);
  });

  it('has a warning for a name beside the header type Authorization', () => {
    const { warnings } = looseJwt({ ...rsa, header: { type: 'Authorization', name: 'x-token' } });
    expect(warnings).toEqual([
      'jwtSecret.header.name: it has no effect with the type Authorization; for another header, set the type CustomHeader',
    ]);
  });

  it.each(['', '{', "{'type':'RS256'}", '{"key":"a\nb"}'])('is not broken JSON: %j', (text) => {
    const error = mistake(() => looseJwt(text));
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
    expect(looseJwt({ ...rsa, description: 'for staging' }).warnings).toEqual([
      'jwtSecret: the member "description" is unknown and has no effect',
    ]);
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
    const { config, warnings } = looseJwt(JSON.stringify({ ...rsa, ...nothing }));
    const { keys, ...rest } = config;
    const { keys: _, ...usual } = looseJwt(rsa).config;
    expect(rest).toEqual(usual);
    expect(warnings).toEqual([]);
    expect(keys.version).toBe(0);
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
    expect(problem({ ...rsa, header: 'Authorization' })).toBe(
      'jwtSecret.header: expected an object: {"type":"Authorization"}, {"type":"Cookie","name":"…"} or {"type":"CustomHeader","name":"…"}',
    );
    expect(problem({ ...rsa, header: '{"type":' })).toContain(
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
    const header = { type: 'Cookie', name: 'a', description: 'b' };
    expect(looseJwt({ ...rsa, header }).warnings).toEqual([
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
