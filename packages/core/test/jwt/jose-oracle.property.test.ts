import { createPublicKey, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { jwtVerify } from 'jose';
import { uncheckedSignature } from '@hasura-auth/testkit';

import { createAuthenticator } from '../../src/authenticator.js';
import { isAuthError } from '../../src/errors.js';
import { algorithms, isAlgorithm, type Algorithm } from '../../src/keys/algorithms.js';
import type { KeyType } from '../../src/keys/static-key.js';
import type { JwtClaims } from '../../src/session.js';
import { secretText, spki } from '../tokens.js';

/**
 * jose is the oracle: for every generated token, jose's `jwtVerify` and we come to the same end, with the same key, clock,
 * issuer, audience, tolerance and algorithms; and if both accept it, to the same claims. Where we mean to differ there
 * is a row below, with its reason and an example that shows the difference; nothing else may differ.
 */

type Members = Readonly<Record<string, unknown>>;

/** A token to be, and what it is verified with. */
interface Case {
  readonly configuredKey: string;
  readonly signingKey: string;
  readonly signedAs: Algorithm;
  /** The header beside `alg`, which is that of the signature unless `header` has another. */
  readonly header: Members;
  readonly claims: Members;
  /** In place of the JSON of the claims. */
  readonly payload?: string;
  /** What becomes of the header's and payload's base64url before, and of the signature's after signing. */
  readonly spelling: readonly [header: Spelling, payload: Spelling, signature: Spelling];
  readonly tampering: Tampering;
  readonly issuer?: string;
  readonly audience?: string | readonly string[];
  readonly requireAudience: boolean;
  readonly skew: number;
  readonly algorithms?: readonly Algorithm[];
  readonly now: number;
}

const noon = Date.UTC(2026, 10, 22, 12);
const seconds = noon / 1000;

/** A plain token that both accept. */
const plain: Case = {
  configuredKey: 'p256',
  signingKey: 'p256',
  signedAs: 'ES256',
  header: {},
  claims: { sub: 'me' },
  spelling: ['strict', 'strict', 'strict'],
  tampering: 'none',
  requireAudience: true,
  skew: 0,
  now: noon,
};

// ── Making tokens ──────────────────────────────────────────────────────────────────────────────────

type Spelling = 'strict' | 'padded' | 'blank' | 'stray-bits' | 'plain';
const spellings: Readonly<Record<Spelling, (text: string) => string>> = {
  strict: (text) => text,
  padded: (text) => text.padEnd(4 * Math.ceil(text.length / 4), '='),
  blank: (text) => `${text.slice(0, 4)} ${text.slice(4)}`,
  plain: (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
  'stray-bits': (text) => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet[alphabet.indexOf(text.slice(-1)) + 1] ?? '';
    return text.length % 4 === 0 ? text : text.slice(0, -1) + last;
  },
};

type Tampering = 'none' | 'bit' | 'payload' | 'strip' | 'cut' | 'part-more' | 'part-less';
const tamperings: Readonly<Record<Tampering, (parts: readonly string[]) => readonly string[]>> = {
  none: (parts) => parts,
  bit: ([header = '', payload = '', signature = '']) => {
    const bytes = Buffer.from(signature, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
    return [header, payload, bytes.toString('base64url')];
  },
  payload: ([header = '', , signature = '']) => [header, base64url('{"sub":"you"}'), signature],
  strip: ([header = '', payload = '']) => [header, payload, ''],
  cut: ([header = '', payload = '', signature = '']) => [header, payload, signature.slice(0, -4)],
  'part-more': (parts) => [...parts, 'AAAA'],
  'part-less': ([header = '', payload = '']) => [header, payload],
};

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const payloadText = ({ claims, payload }: Case): string => payload ?? JSON.stringify(claims);
const headerOf = ({ signedAs, header }: Case): Members => ({ alg: signedAs, ...header });

function tokenOf(one: Case): string {
  const [header, payload, signature] = one.spelling;
  const input = [
    spellings[header](base64url(JSON.stringify(headerOf(one)))),
    spellings[payload](base64url(payloadText(one))),
  ];
  const signed = uncheckedSignature(one.signedAs, one.signingKey, input.join('.'));
  const parts = [...input, spellings[signature](signed.toString('base64url'))];
  return tamperings[one.tampering](parts).join('.');
}

// ── Asking both ────────────────────────────────────────────────────────────────────────────────────

const types: Readonly<Record<string, KeyType>> = {
  hs: 'HS256',
  rsa: 'RS256',
  p: 'ES256',
  ed: 'EdDSA',
};
const familyName = (key: string): string => /^(?:hs|rsa|p|ed)/.exec(key)?.[0] ?? '';
const joseKeys = new Map<string, KeyObject | Uint8Array>();

function joseKey(name: string): KeyObject | Uint8Array {
  const known = joseKeys.get(name);
  if (known !== undefined) return known;
  const made =
    familyName(name) === 'hs' ? Buffer.from(secretText(name)) : createPublicKey(spki(name));
  joseKeys.set(name, made);
  return made;
}

/** The claims if jose accepts the token; undefined if it is refused. */
async function joseSays(one: Case, token: string): Promise<unknown> {
  const { issuer, audience, skew, now, algorithms: allowed } = one;
  try {
    const { payload } = await jwtVerify(token, joseKey(one.configuredKey), {
      clockTolerance: skew,
      currentDate: new Date(now),
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && {
        audience: typeof audience === 'string' ? audience : [...audience],
      }),
      ...(allowed !== undefined && { algorithms: [...allowed] }),
    });
    return payload;
  } catch {
    return undefined;
  }
}

/** Our claims, with roles from the configuration, so that nothing but verification can refuse the token. */
async function weSay(one: Case, token: string): Promise<JwtClaims | undefined> {
  const { configuredKey, issuer, audience, skew, requireAudience, now } = one;
  const key = familyName(configuredKey) === 'hs' ? secretText(configuredKey) : spki(configuredKey);
  const { authenticate } = createAuthenticator({
    adminSecret: false,
    requireAudience,
    runtime: { now: () => now },
    logger: { warn: () => undefined, error: () => undefined },
    jwtSecret: {
      key,
      type: types[familyName(configuredKey)] ?? 'RS256',
      allowed_skew: skew,
      header: { type: 'CustomHeader', name: 'x-token' },
      claims_map: { 'x-hasura-allowed-roles': ['user'], 'x-hasura-default-role': 'user' },
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
      ...(one.algorithms !== undefined && { algorithms: one.algorithms }),
    },
  });
  try {
    return (await authenticate({ headers: { 'x-token': token } })).claims;
  } catch (error) {
    if (isAuthError(error) && error.status < 500) return undefined;
    throw error;
  }
}

// ── Where we differ ────────────────────────────────────────────────────────────────────────────────

interface Difference {
  readonly name: string;
  readonly why: string;
  /** Who accepts the token that the other refuses. */
  readonly accepts: 'us' | 'jose' | 'either';
  readonly applies: (one: Case, token: string) => boolean;
  readonly examples: readonly Partial<Case>[];
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

/** The claims as both read them, a byte order mark apart; empty if they are no object. */
function claimsOf(one: Case): Members {
  try {
    const value: unknown = JSON.parse(payloadText(one).replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null ? (value as Members) : {};
  } catch {
    return {};
  }
}
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;
const dates = (one: Case): unknown[] => ['exp', 'nbf', 'iat'].map((name) => claimsOf(one)[name]);
const isStrict = (part: string): boolean =>
  Buffer.from(part, 'base64url').toString('base64url') === part;

const differences: readonly Difference[] = [
  {
    name: 'a token without issuer is accepted if one is configured',
    why: 'the documentation: "an incoming JWT without an issuer specified will match a configuration even if it specifies an issuer"',
    accepts: 'us',
    applies: (one) => one.issuer !== undefined && !Object.hasOwn(claimsOf(one), 'iss'),
    examples: [{ issuer: 'a' }],
  },
  {
    name: 'a token without audience is accepted if the app says so',
    why: 'requireAudience: false is the engine’s way',
    accepts: 'us',
    applies: (one) =>
      !one.requireAudience && one.audience !== undefined && !Object.hasOwn(claimsOf(one), 'aud'),
    examples: [{ audience: 'a', requireAudience: false }],
  },
  {
    name: 'a token issued in the future is refused',
    why: 'the engine’s JWTIssuedAtFuture; jose looks at iat if a greatest age is asked for',
    accepts: 'jose',
    applies: (one) => {
      const { iat } = claimsOf(one);
      return isNumber(iat) && iat * 1000 > one.now + one.skew * 1000;
    },
    examples: [{ claims: { iat: seconds + 1 } }, { claims: { iat: seconds + 6 }, skew: 5 }],
  },
  {
    name: 'times are compared in milliseconds',
    why: 'spec 6.4: unrounded; jose rounds the clock down to seconds, so that a token lives up to a second longer, or begins as much later',
    accepts: 'either',
    applies: (one) => {
      const { exp, nbf } = claimsOf(one);
      const [exact, floored] = [one.now / 1000, Math.floor(one.now / 1000)];
      const ends = (now: number) => isNumber(exp) && exp <= now - one.skew;
      const begins = (now: number) => isNumber(nbf) && nbf > now + one.skew;
      return ends(exact) !== ends(floored) || begins(exact) !== begins(floored);
    },
    examples: [
      { claims: { exp: seconds + 0.5 }, now: noon + 500 },
      { claims: { nbf: seconds + 0.5 }, now: noon + 500 },
    ],
  },
  {
    name: 'a date must be finite',
    why: 'spec 6.4; 1e999 is JSON, and the number beyond all numbers when read',
    accepts: 'jose',
    applies: (one) => dates(one).some((date) => isNumber(date) && !Number.isFinite(date)),
    examples: [
      { payload: '{"exp":1e999}' },
      { payload: '{"nbf":-1e999}' },
      { payload: '{"iat":-1e999}' },
    ],
  },
  {
    name: 'issuer and audience must be of their types, also if none is configured',
    why: 'spec 6.4: these claims must have their types; jose looks at them if they are configured',
    accepts: 'jose',
    applies: (one) => {
      const { iss, aud } = claimsOf(one);
      const rightAud =
        aud === undefined || isText(aud) || (Array.isArray(aud) && aud.every(isText));
      return (iss !== undefined && !isText(iss)) || !rightAud;
    },
    examples: [
      { claims: { iss: 5 } },
      { claims: { iss: null } },
      { claims: { aud: {} } },
      { claims: { aud: ['a', 5] }, audience: 'a' },
    ],
  },
  {
    name: 'sub and jti must be strings, or null',
    why: 'spec 6.4, as in the engine; jose does not look at jti, and at sub only if one is asked for',
    accepts: 'jose',
    applies: (one) => {
      const { sub, jti } = claimsOf(one);
      return [sub, jti].some((claim) => claim !== undefined && claim !== null && !isText(claim));
    },
    examples: [{ claims: { sub: 5 } }, { claims: { jti: ['a'] } }],
  },
  {
    name: 'iss, sub and aud must be URIs if they have a colon',
    why: 'RFC 7519, section 2, StringOrURI; jose compares them as they are',
    accepts: 'jose',
    applies: (one) => {
      const { iss, sub, aud } = claimsOf(one);
      return [iss, sub, aud]
        .flat()
        .some((claim) => isText(claim) && /^[^]*:/.test(claim) && !/^[a-z][\w+.:-]*$/i.test(claim));
    },
    examples: [{ claims: { sub: 'a b:c' } }, { claims: { aud: ['a', ':'] } }],
  },
  {
    name: 'a payload that is nested deeper than 100 is refused',
    why: 'spec 10: no stack is made for thousands of levels',
    accepts: 'jose',
    applies: (one) => depthOf(claimsOf(one)) > 101,
    examples: [{ payload: `{"a":${'['.repeat(101)}${']'.repeat(101)}}` }],
  },
  {
    name: 'kid must be a text',
    why: 'RFC 7515, section 4.1.4; the engine’s library does not read such a header either',
    accepts: 'jose',
    applies: ({ header }) => header['kid'] !== undefined && !isText(header['kid']),
    examples: [{ header: { kid: 5 } }, { header: { kid: null } }],
  },
  {
    name: 'crit is refused, also if it names what changes nothing',
    why: 'spec 6.4: any crit we do not implement, and we implement none; jose implements b64',
    accepts: 'jose',
    applies: ({ header }) =>
      Array.isArray(header['crit']) && header['crit'].includes('b64') && header['b64'] === true,
    examples: [{ header: { crit: ['b64'], b64: true } }],
  },
  {
    name: 'b64: false is refused, also if it is not critical',
    why: 'spec 6.4; RFC 7797 has it critical, and jose does not look at it otherwise',
    accepts: 'jose',
    applies: ({ header }) =>
      !('crit' in header) && header['b64'] !== undefined && header['b64'] !== true,
    examples: [{ header: { b64: false } }, { header: { b64: 'no' } }],
  },
  {
    name: 'one token has one spelling',
    why: 'spec 6.4: padding, blanks and stray bits are refused; jose hands such text to the platform’s decoder',
    accepts: 'jose',
    applies: (_, token) => !token.split('.').every(isStrict),
    examples: [
      { spelling: ['padded', 'strict', 'strict'], header: { kid: 'a' } },
      { spelling: ['strict', 'padded', 'strict'], claims: { sub: 'you' } },
      { spelling: ['strict', 'strict', 'padded'] },
      { spelling: ['strict', 'strict', 'stray-bits'] },
      { spelling: ['blank', 'strict', 'strict'] },
    ],
  },
  {
    name: 'a byte order mark is no JSON',
    why: 'RFC 8259, section 8.1: none may be added, and a reader may refuse it; jose’s decoder drops it',
    accepts: 'jose',
    applies: ({ payload = '' }) => payload.startsWith('\uFEFF'),
    examples: [{ payload: '\uFEFF{"sub":"me"}' }],
  },
  {
    name: 'a secret must be as long as the digest',
    why: 'RFC 7518, section 3.2, and spec 6.4: an HS512 token needs a 64-byte secret, for any type',
    accepts: 'jose',
    applies: ({ configuredKey, header, signedAs }) => {
      const alg = header['alg'] ?? signedAs;
      if (familyName(configuredKey) !== 'hs' || !isText(alg) || !isAlgorithm(alg)) return false;
      return Buffer.byteLength(secretText(configuredKey)) < algorithms[alg].secretBytes;
    },
    examples: [{ configuredKey: 'hs-32', signingKey: 'hs-32', signedAs: 'HS512' }],
  },
  {
    name: 'EdDSA and Ed25519 are one algorithm, also if one of them is the only one allowed',
    why: 'RFC 9864, section 2.2: with a key of Ed25519, EdDSA means nothing else; jose compares names',
    accepts: 'us',
    applies: ({ configuredKey, algorithms: allowed }) =>
      configuredKey === 'ed25519' && allowed?.length === 1,
    examples: [
      {
        configuredKey: 'ed25519',
        signingKey: 'ed25519',
        signedAs: 'Ed25519',
        algorithms: ['EdDSA'],
      },
    ],
  },
  {
    name: 'an RSA key of 1024 bits is accepted',
    why: 'spec 7.1: the documentation’s own examples have one; there is a warning at start',
    accepts: 'us',
    applies: ({ configuredKey }) => configuredKey === 'rsa-1024',
    examples: [{ configuredKey: 'rsa-1024', signingKey: 'rsa-1024', signedAs: 'RS256' }],
  },
  {
    name: 'a token over 16 KiB is refused',
    why: 'spec 6.2: it is refused unread, so that it costs little',
    accepts: 'jose',
    applies: (_, token) => token.length > 16_384,
    examples: [{ claims: { sub: 'a'.repeat(13_000) } }],
  },
];

type Outcome = 'accepted' | 'refused' | Difference;

/** What both say of a token; if they differ, the row that says why. Fails if no row does. */
async function compare(one: Case): Promise<Outcome> {
  const token = tokenOf(one);
  const [ours, theirs] = await Promise.all([weSay(one, token), joseSays(one, token)]);
  if (ours !== undefined && theirs !== undefined) {
    expect(ours).toEqual(theirs);
    return 'accepted';
  }
  if (ours === undefined && theirs === undefined) return 'refused';
  const accepts = ours === undefined ? 'jose' : 'us';
  const row = differences.find(
    (difference) =>
      (difference.accepts === accepts || difference.accepts === 'either') &&
      difference.applies(one, token),
  );
  if (row === undefined) throw new Error(`only ${accepts} would accept ${token}`);
  return row;
}

describe('we differ from jose', () => {
  it.each(differences.flatMap((row) => row.examples.map((example) => ({ ...row, example }))))(
    '$name ($why)',
    async ({ name, example }) => {
      expect(await compare({ ...plain, ...example })).toMatchObject({ name });
    },
  );

  it('in eighteen ways', () => {
    expect(differences).toHaveLength(18);
  });
});

// ── Generating ─────────────────────────────────────────────────────────────────────────────────────

const signers: Readonly<Record<string, readonly Algorithm[]>> = {
  hs: ['HS256', 'HS384', 'HS512'],
  'hs-32': ['HS256', 'HS512'],
  rsa: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  'rsa-1024': ['RS256', 'PS256'],
  p256: ['ES256', 'ES384'],
  p384: ['ES384', 'ES256'],
  p521: ['ES512'],
  ed25519: ['EdDSA', 'Ed25519'],
};
const signed = fc.oneof(
  ...Object.entries(signers).map(([signingKey, names]) =>
    fc.record({ signingKey: fc.constant(signingKey), signedAs: fc.constantFrom(...names) }),
  ),
);
/** Mostly `usual`, at times the other. */
const mostly = <T, U>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: other });
const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  mostly(fc.constant(undefined), value);

const algNames = fc.constantFrom(
  ...Object.keys(algorithms),
  'none',
  'HS1',
  'constructor',
  '',
  5,
  null,
);
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', [], {}, 0, 'a', ['a'], [null]),
);
const headers = fc.record(
  {
    alg: rarely(algNames),
    kid: mostly(fc.constantFrom('1', ''), anything),
    typ: fc.constantFrom('JWT', 'at+jwt', 5),
    crit: fc.constantFrom<unknown>(['b64'], ['exp'], [], null, 'b64', ['b64', 'b64']),
    b64: fc.constantFrom<unknown>(true, false, 'true', null),
    jwk: anything,
    jku: anything,
    x5c: anything,
    stranger: anything,
  },
  { requiredKeys: [] },
);
/** Moments around the clock, at its skew, and in fractions. */
const date = fc.oneof(
  fc.constantFrom(-10, -5, -1, -0.5, 0, 0.5, 1, 5, 10).map((offset) => seconds + offset),
  fc.constantFrom(0, -1, 1e308, -1e308, 4e15),
);
const audience = fc.oneof(
  fc.constantFrom('a', 'b', ''),
  fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
);
const wildClaims = fc.record(
  {
    exp: mostly(date, anything),
    nbf: mostly(date, anything),
    iat: mostly(date, anything),
    iss: mostly(fc.constantFrom('a', 'b', ''), anything),
    aud: mostly(audience, anything),
    sub: fc.oneof(anything, fc.constantFrom('a:b', 'a b:c', 'a|b', 'a:|')),
    jti: anything,
    stranger: anything,
  },
  { requiredKeys: [] },
);
/** Claims that fit, at most one of them spoilt. */
const fittingClaims = fc
  .tuple(
    fc.record({
      exp: fc.constantFrom(seconds + 10, seconds + 0.5, seconds + 1),
      iss: fc.constant('a'),
      aud: fc.constantFrom('a', ['a'], ['c', 'b', 'a']),
    }),
    fc.record(
      {
        iat: fc.constant(seconds),
        nbf: fc.constant(seconds),
        sub: mostly(fc.constant('me'), anything),
      },
      { requiredKeys: [] },
    ),
    rarely(wildClaims),
    fc.constantFrom('exp', 'iat', 'nbf', 'iss', 'aud'),
  )
  .map(([needed, more, wild, spoilt]) => ({
    ...needed,
    ...more,
    ...(wild !== undefined && { [spoilt]: wild[spoilt as keyof typeof wild] }),
  }));
const claims: fc.Arbitrary<Members> = mostly(fittingClaims, wildClaims).map(withoutUndefined);
const payload = fc.oneof(
  fc.constantFrom('', '{', 'null', '[]', '"a"', '5', 'true', '{}{}', ' {} ', '\uFEFF{}'),
  fc.constantFrom('{"exp":1e999}', '{"exp":-1e999}', '{"iat":-1e999}', '{"sub":1,"sub":2}'),
  fc.constantFrom('{"__proto__":{"exp":1}}', '{"constructor":1}', '{"a":"\\ud800"}'),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
);
function withoutUndefined(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const spelling = mostly(
  fc.constant<Spelling>('strict'),
  fc.constantFrom<Spelling>('padded', 'blank', 'stray-bits', 'plain'),
);
const tampering = fc.constantFrom<Tampering>(
  'bit',
  'payload',
  'strip',
  'cut',
  'part-more',
  'part-less',
);

const cases: fc.Arbitrary<Case> = fc
  .record({
    signed,
    otherKey: rarely(
      fc.constantFrom(...Object.keys(signers), 'p256-other', 'rsa-other', 'hs-other'),
    ),
    header: mostly(fc.constant({}), headers.map(withoutUndefined)),
    claims,
    payload: rarely(payload),
    spelling: mostly(
      fc.constant<Case['spelling']>(['strict', 'strict', 'strict']),
      fc.tuple(spelling, spelling, spelling),
    ),
    tampering: rarely(tampering).map((name) => name ?? 'none'),
    issuer: fc.option(fc.constant('a'), { nil: undefined }),
    audience: fc.option(fc.constantFrom<string | string[]>('a', ['a', 'b']), { nil: undefined }),
    requireAudience: fc.boolean(),
    skew: fc.constantFrom(0, 5),
    narrow: rarely(fc.boolean()),
    now: mostly(fc.constant(noon), fc.constantFrom(noon + 500, noon + 999, noon - 1)),
  })
  .map(({ signed: { signingKey, signedAs }, otherKey, narrow, ...rest }) => {
    const configuredKey = otherKey ?? signingKey;
    const fitting = Object.keys(algorithms)
      .filter(isAlgorithm)
      .filter((name) => fitsKey(configuredKey, name));
    const { payload: text, issuer, audience: aud, ...more } = rest;
    return {
      ...more,
      configuredKey,
      signingKey,
      signedAs,
      ...(text !== undefined && { payload: text }),
      ...(issuer !== undefined && { issuer }),
      ...(aud !== undefined && { audience: aud }),
      ...(narrow !== undefined && { algorithms: narrow ? fitting : fitting.slice(0, 1) }),
    };
  });

function fitsKey(key: string, alg: Algorithm): boolean {
  const { family } = algorithms[alg];
  if (family === 'hmac') return familyName(key) === 'hs';
  return family === 'rsa' ? familyName(key) === 'rsa' : key.startsWith(family);
}

describe('jose and we say the same', () => {
  const met = new Map<string, number>();

  it('of generated tokens, the rows above apart', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const outcome = await compare(one);
        const name = typeof outcome === 'string' ? outcome : outcome.name;
        met.set(name, (met.get(name) ?? 0) + 1);
      }),
      { numRuns: 1000 },
    );
  }, 60_000);

  it('and the tokens were of all kinds: many accepted, many refused, most rows met', () => {
    expect(met.get('accepted')).toBeGreaterThan(100);
    expect(met.get('refused')).toBeGreaterThan(100);
    expect(met.size).toBeGreaterThanOrEqual(7);
  });

  it.each(
    Object.entries(signers).flatMap(([key, names]) => names.map((alg) => [key, alg] as const)),
  )('of a plain token by %s, signed as %s', async (key, signedAs) => {
    const outcome = await compare({ ...plain, configuredKey: key, signingKey: key, signedAs });
    if (typeof outcome === 'string')
      expect(outcome).toBe(fitsKey(key, signedAs) ? 'accepted' : 'refused');
    else expect([key, signedAs]).toContain(key === 'hs-32' ? 'HS512' : 'rsa-1024');
  });
});
