import {
  checkRegisteredClaims,
  frozenClaims,
  registeredClaims,
} from '../../src/jwt/registered-claims.js';
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

  it('must be the configured one, if it is there', () => {
    expect(check({ iss: 'https://a.example' }, config)).toBeDefined();
    expect(check({}, config)).toBeDefined();
    expect(problem({ iss: 'https://A.example' }, config)).toBe('JWTNotInIssuer');
    expect(problem({ iss: '' }, config)).toBe('JWTNotInIssuer');
  });

  it('may be anything if none is configured', () => {
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

  it('may be anything if none is configured', () => {
    expect(check({ aud: ['anybody'] })).toBeDefined();
    expect(check({ aud: 'anybody' })).toBeDefined();
  });
});

describe('types', () => {
  const decodeError = (claim: string, words: string): string =>
    `JWTClaimsSetDecodeError "Error in $.${claim}: ${words}"`;
  const wrong = (claim: string, parser: string, expected: string, found: string): string =>
    decodeError(claim, `parsing ${parser} failed, expected ${expected}, but encountered ${found}`);

  it.each<[unknown, string]>([
    ['1900000000', 'String'],
    [null, 'Null'],
    [true, 'Boolean'],
    [[1], 'Array'],
    [{}, 'Object'],
  ])('a date must be a number, not %p', (value, found) => {
    for (const claim of ['exp', 'nbf', 'iat'])
      expect(problem({ [claim]: value })).toBe(wrong(claim, 'NumericDate', 'Number', found));
  });

  it.each([NaN, Infinity, -Infinity])('a date must be finite, not %p', (value) => {
    for (const claim of ['exp', 'nbf', 'iat'])
      expect(problem({ [claim]: value })).toBe(
        decodeError(claim, 'parsing NumericDate failed, expected a finite Number'),
      );
  });

  it.each<[unknown, string]>([
    [null, 'Null'],
    [5, 'Number'],
    [['a'], 'Array'],
    [{}, 'Object'],
  ])('iss, sub and jti must be strings, not %j', (value, found) => {
    expect(problem({ iss: value })).toBe(wrong('iss', 'StringOrURI', 'String', found));
    if (value === null) return;
    expect(problem({ sub: value })).toBe(wrong('sub', 'StringOrURI', 'String', found));
    expect(problem({ jti: value })).toBe(wrong('jti', 'Text', 'String', found));
  });

  it('sub and jti may be null, which is absent', () => {
    expect(check({ sub: null, jti: null })).toBeDefined();
  });

  it.each<[unknown, string]>([
    [null, 'Null'],
    [5, 'Number'],
    [{}, 'Object'],
    [['a', 5], 'Array'],
    [[null], 'Array'],
    [['a', 'b c:d'], 'Array'],
  ])('an audience must be a string or strings, not %j', (aud, found) => {
    expect(problem({ aud })).toBe(wrong('aud', 'StringOrURI', 'String', found));
  });

  it.each([
    ...['', 'auth0|5e', 'Zoë 🦩', '../..', 'a b', '<a>'],
    ...[
      'urn:user:1',
      'https://a.example',
      'https://a.example/b/c?d=e/f?#g/h?',
      'mailto:a@b.example',
    ],
    ...[
      'us-east-1:0b',
      'a:',
      'a:/',
      'a:b:c',
      'file:///etc',
      'a://',
      'A+.-9:b',
      "a:!$&'()*+,;=",
      'a:%41',
    ],
    ...[
      'a://u:p@h:80/p',
      'a://[::1]:8080',
      'a://[v1.a:b]/',
      'a://h:',
      'a:?b',
      'a:#b',
      'a:b@c',
      'a:b//c',
    ],
  ])('a string without a colon, or a URI, is one: %j', (text) => {
    expect(check({ iss: text, sub: text, aud: text, jti: text })).toBeDefined();
    expect(check({ aud: [text, 'a'] })).toBeDefined();
  });

  it.each([
    ...['a b:c', ':', ':a', '1:a', 'a_b:c', 'é:a', 'a:é', 'a: ', 'a:b|c', 'a:%', 'a:%4', 'a:%4g'],
    ...[
      'a:#b#c',
      'a:[',
      'a://[::1',
      'a://h:p',
      'a://[g]',
      'a://u@v@h',
      'a:\\',
      'a:"',
      'a:<b>',
      'a:\n',
    ],
    `a:${'b'.repeat(10_000)}|`,
  ])('a string with a colon that is no URI is refused: %j', (text) => {
    const words = 'failed to parse StringOrURI';
    expect(problem({ iss: text })).toBe(decodeError('iss', words));
    expect(problem({ sub: text })).toBe(decodeError('sub', words));
    expect(problem({ aud: text })).toBe(decodeError('aud', words));
    expect(check({ jti: text })).toBeDefined();
  });
});

describe('the claims of a verified payload', () => {
  const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

  it('are frozen to their depth', () => {
    const payload = { sub: 'me', nested: { list: [{ a: 1 }] } };
    expect(frozenClaims(payload)).toBe(payload);
    const { nested: inner } = payload;
    expect([payload, inner, inner.list, inner.list[0]].every(Object.isFrozen)).toBe(true);
  });

  it('nest at most 100 lists and objects in the payload', () => {
    expect(frozenClaims({ deep: nested(100) })).toBeDefined();
    for (const levels of [101, 5000]) {
      const { message } = refusal(() => frozenClaims({ deep: nested(levels) }));
      expect(message).toBe(
        'Could not verify JWT: JWTClaimsSetDecodeError "Error in $: lists and objects are nested deeper than 100"',
      );
    }
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
    expect(check({ sub: 'a', jti: 'b' }, requiring('sub', 'jti'))).toBeDefined();
  });

  it('are not there if they are null or empty objects', () => {
    for (const claim of ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']) {
      expect(problem({ [claim]: {} }, requiring(claim))).toContain(`Error in $.${claim}: `);
      expect(problem({ [claim]: null }, requiring(claim))).toMatch(
        ['sub', 'jti'].includes(claim) ? `JWTMissingClaim "${claim}"` : `Error in $.${claim}: `,
      );
    }
  });

  it('are not there if they name no audience', () => {
    expect(problem({ aud: [] }, requiring('audience'))).toBe('JWTNotInAudience');
    expect(check({ aud: ['a'] }, requiring('audience'))).toBeDefined();
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
    const types = { iss: 5, sub: 5, aud: 5, exp: '', nbf: '', iat: '', jti: 5 };
    const left = Object.entries(types);
    for (const [claim] of Object.entries(types)) {
      expect(problem({ ...wrong, ...Object.fromEntries(left) }, config)).toContain(
        `Error in $.${claim}: `,
      );
      left.shift();
    }
    expect(problem({ exp, iat, nbf, iss, aud }, config)).toBe('JWTExpired');
    expect(problem({ iat, nbf, iss, aud }, config)).toBe('JWTIssuedAtFuture');
    expect(problem({ nbf, iss, aud }, config)).toBe('JWTNotYetValid');
    expect(problem({ iss, aud }, config)).toBe('JWTNotInIssuer');
    expect(problem({ aud }, config)).toBe('JWTNotInAudience');
    expect(problem({ aud: 'a' }, config)).toBe('JWTMissingClaim "jti"');
  });
});
