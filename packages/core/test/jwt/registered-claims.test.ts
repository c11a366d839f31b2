import { checkRegisteredClaims, registeredClaims } from '../../src/jwt/registered-claims.js';
import { jwtConfig } from '../parsed-jwt.js';
import { refusal } from '../thrown.js';

const now = 1_800_000_000_000;
const seconds = now / 1000;
const plain = jwtConfig();
const skewed = jwtConfig({ allowed_skew: 5 });

const check = (payload: object, config = plain, at = now) =>
  checkRegisteredClaims({ ...payload }, config, at);

/** The message behind its common beginning. */
const problem = (payload: object, config = plain, at = now): string => {
  const { kind, message } = refusal(() => check(payload, config, at));
  expect(kind).toBe('invalid-token');
  const start = 'Could not verify JWT: ';
  expect(message.slice(0, start.length)).toBe(start);
  return message.slice(start.length);
};

it('knows the names that RFC 7519 registers', () => {
  expect([...registeredClaims]).toEqual(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);
});

describe('a token without any of them', () => {
  it('is valid without end and without beginning', () => {
    expect(check({})).toEqual({ validFrom: -Infinity, expiresAt: Infinity });
  });
});

describe('exp', () => {
  it('is the end: the moment itself is too late', () => {
    expect(check({ exp: seconds }, plain, now - 1)).toEqual({
      validFrom: -Infinity,
      expiresAt: now,
    });
    expect(problem({ exp: seconds })).toBe('JWTExpired');
    expect(problem({ exp: seconds }, plain, now + 1)).toBe('JWTExpired');
  });

  it('is put off by the skew', () => {
    expect(check({ exp: seconds }, skewed, now + 4999).expiresAt).toBe(now + 5000);
    expect(problem({ exp: seconds }, skewed, now + 5000)).toBe('JWTExpired');
  });

  it('may have fractions, which are not rounded', () => {
    expect(check({ exp: seconds + 0.5 }, plain, now + 499).expiresAt).toBe(now + 500);
    expect(problem({ exp: seconds + 0.5 }, plain, now + 500)).toBe('JWTExpired');
  });

  it('may be so late that it is no end', () => {
    expect(check({ exp: Number.MAX_VALUE }).expiresAt).toBe(Infinity);
    expect(problem({ exp: -Number.MAX_VALUE })).toBe('JWTExpired');
  });
});

describe('iat', () => {
  it('may be now, and not later', () => {
    expect(check({ iat: seconds })).toEqual({ validFrom: now, expiresAt: Infinity });
    expect(problem({ iat: seconds + 0.001 })).toBe('JWTIssuedAtFuture');
  });

  it('may be ahead by the skew', () => {
    expect(check({ iat: seconds + 5 }, skewed).validFrom).toBe(now);
    expect(problem({ iat: seconds + 5.001 }, skewed)).toBe('JWTIssuedAtFuture');
  });
});

describe('nbf', () => {
  it('may be now, and not later', () => {
    expect(check({ nbf: seconds })).toEqual({ validFrom: now, expiresAt: Infinity });
    expect(problem({ nbf: seconds + 0.001 })).toBe('JWTNotYetValid');
  });

  it('may be ahead by the skew', () => {
    expect(check({ nbf: seconds + 5 }, skewed).validFrom).toBe(now);
    expect(problem({ nbf: seconds + 5.001 }, skewed)).toBe('JWTNotYetValid');
  });

  it('begins the lifetime together with iat: the later of the two counts', () => {
    expect(check({ nbf: seconds - 9, iat: seconds - 7 }).validFrom).toBe(now - 7000);
    expect(check({ nbf: seconds - 7, iat: seconds - 9 }).validFrom).toBe(now - 7000);
    expect(check({ nbf: seconds - 7, iat: seconds - 9 }, skewed).validFrom).toBe(now - 12_000);
  });
});

describe('iss', () => {
  const config = jwtConfig({ issuer: 'https://a.example' });

  it('must be the configured one, where it is there', () => {
    expect(check({ iss: 'https://a.example' }, config)).toBeDefined();
    expect(check({}, config)).toBeDefined();
    expect(problem({ iss: 'https://A.example' }, config)).toBe('JWTNotInIssuer');
    expect(problem({ iss: '' }, config)).toBe('JWTNotInIssuer');
  });

  it('may be anything where none is configured', () => {
    expect(check({ iss: 'anybody' })).toBeDefined();
  });
});

describe('aud', () => {
  const config = jwtConfig({ audience: ['a', 'b'] });
  const lenient = jwtConfig({ audience: 'a' }, { requireAudience: false });

  it.each([['a'], ['b'], [['a']], [['x', 'b']], [['a', 'b']]])('may be %j', (aud) => {
    expect(check({ aud }, config)).toBeDefined();
  });

  it.each([['c'], ['A'], [''], [[]], [['c']], [['c', 'd']]])('must not be %j', (aud) => {
    expect(problem({ aud }, config)).toBe('JWTNotInAudience');
    expect(problem({ aud }, lenient)).toBe('JWTNotInAudience');
  });

  it('must be there, unless the app says otherwise', () => {
    expect(problem({}, config)).toBe('JWTNotInAudience');
    expect(check({}, lenient)).toBeDefined();
  });

  it('may be anything where none is configured', () => {
    expect(check({ aud: ['anybody'] })).toBeDefined();
    expect(check({ aud: 'anybody' })).toBeDefined();
  });
});

describe('types', () => {
  const wrong = (claim: string, expected: string, found: string): string =>
    `JWTClaimsSetDecodeError "Error in $.${claim}: expected ${expected}, but encountered ${found}"`;

  it.each<[unknown, string]>([
    ['1900000000', 'String'],
    [null, 'Null'],
    [true, 'Boolean'],
    [[1], 'Array'],
    [{}, 'Object'],
    [NaN, 'Number'],
    [Infinity, 'Number'],
    [-Infinity, 'Number'],
  ])('a date must be a number, not %p', (value, found) => {
    expect(problem({ exp: value })).toBe(wrong('exp', 'Number', found));
    expect(problem({ iat: value })).toBe(wrong('iat', 'Number', found));
    expect(problem({ nbf: value })).toBe(wrong('nbf', 'Number', found));
  });

  it.each<[unknown, string]>([
    [null, 'Null'],
    [5, 'Number'],
    [['a'], 'Array'],
  ])('an issuer must be a text, not %j', (iss, found) => {
    expect(problem({ iss })).toBe(wrong('iss', 'String', found));
  });

  it.each<[unknown, string]>([
    [null, 'Null'],
    [5, 'Number'],
    [{}, 'Object'],
    [['a', 5], 'Array'],
    [[null], 'Array'],
  ])('an audience must be a text or texts, not %j', (aud, found) => {
    expect(problem({ aud })).toBe(wrong('aud', 'String or Array', found));
  });

  it('are not asked of sub and jti, which nothing here reads', () => {
    expect(check({ sub: 5, jti: null })).toBeDefined();
  });
});

describe('claims that must be there', () => {
  const requiring = (...extra_required_claims: string[]) => jwtConfig({ extra_required_claims });

  it.each(['sub', 'exp', 'nbf', 'iat', 'jti'])('%s is missed by its name', (claim) => {
    expect(problem({}, requiring(claim))).toBe(`JWTMissingClaim "${claim}"`);
  });

  it.each([
    ['issuer', 'JWTNotInIssuer'],
    ['iss', 'JWTNotInIssuer'],
    ['audience', 'JWTNotInAudience'],
    ['aud', 'JWTNotInAudience'],
  ])('%s is missed as one that does not fit', (claim, message) => {
    expect(problem({}, requiring(claim))).toBe(message);
  });

  it('are all looked for', () => {
    expect(problem({ sub: 'a' }, requiring('sub', 'jti'))).toBe('JWTMissingClaim "jti"');
    expect(check({ sub: 'a', jti: null }, requiring('sub', 'jti'))).toBeDefined();
  });
});

describe('the order of the checks', () => {
  const config = jwtConfig({ issuer: 'a', audience: 'a', extra_required_claims: ['jti'] });
  const wrong = {
    exp: seconds - 1,
    iat: seconds + 9,
    nbf: seconds + 9,
    iss: 'b',
    aud: 'b',
  };
  it('is types, exp, iat, nbf, iss, aud, what is missing', () => {
    const { exp, iat, nbf, iss, aud } = wrong;
    expect(problem({ ...wrong, nbf: 'x' }, config)).toContain('Error in $.nbf');
    expect(problem({ ...wrong, iss: 5 }, config)).toContain('Error in $.iss');
    expect(problem({ ...wrong, aud: 5 }, config)).toContain('Error in $.aud');
    expect(problem({ exp, iat, nbf, iss, aud }, config)).toBe('JWTExpired');
    expect(problem({ iat, nbf, iss, aud }, config)).toBe('JWTIssuedAtFuture');
    expect(problem({ nbf, iss, aud }, config)).toBe('JWTNotYetValid');
    expect(problem({ iss, aud }, config)).toBe('JWTNotInIssuer');
    expect(problem({ aud }, config)).toBe('JWTNotInAudience');
    expect(problem({ aud: 'a' }, config)).toBe('JWTMissingClaim "jti"');
  });
});
