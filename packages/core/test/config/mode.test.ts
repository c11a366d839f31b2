import { parseOptions } from '../../src/config/parse-options.js';
import type { AuthOptions } from '../../src/config/options.js';
import { isRecord } from '../../src/json.js';
import { mistake } from '../thrown.js';
import { secretText, spki } from '../tokens.js';

const rsa = { type: 'RS256', key: spki('rsa') } as const;
const hs = { type: 'HS256', key: secretText('hs').repeat(3) } as const;
const p256 = { type: 'ES256', key: spki('p256') } as const;
const silent = { warn: () => undefined, error: () => undefined }; // of short secrets
/** Reads what JavaScript may pass. */
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

  it('has no hole in its list of JWT configurations', () => {
    const jwtSecrets = [rsa];
    jwtSecrets[2] = rsa;
    expect(problem({ adminSecret: 'a', jwtSecrets })).toBe(
      'jwtSecrets[1]: expected an object or its JSON text, got undefined',
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

  it('without an issuer each, or with the same one and keys of one family, could not be distinguished', () => {
    const apart = 'jwtSecrets[1]: its tokens cannot be distinguished from those of jwtSecrets[0]: ';
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
      'jwtSecrets[2]: its tokens cannot be distinguished from those of jwtSecrets[0]',
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
  ])('with one issuer are distinguished by the algorithm: %s', (_, first, second) => {
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
      'EdDSA',
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
