import fc from 'fast-check';
import { createAuthenticator } from '../../src/authenticator.js';
import { optionsFromEnv } from '../../src/config/env.js';
import type { AuthOptions } from '../../src/config/options.js';
import { ConfigError } from '../../src/errors.js';
import { secretText, spki, testKey } from '../tokens.js';

/** Starts with any options: the result is an authenticator or a ConfigError of one line, and nothing else. */
function started(options: unknown): void {
  const given = options as AuthOptions; // what JavaScript passes
  try {
    createAuthenticator(given);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).not.toMatch(/[\r\n]/);
  }
}

const silent = { warn: () => undefined, error: () => undefined };
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('', 'a', 'secret', 'http://127.0.0.1:9/', 'https://a.example/jwks', '$.a', '{}'),
);
const key = fc.oneof(
  text,
  fc.constantFrom(
    ...[spki('rsa'), spki('p256'), spki('ed25519'), spki('rsa-1024'), secretText('hs')],
    ...[testKey('rsa').x509, testKey('p256').csr, testKey('rsa').pkcs1],
  ),
  fc
    .tuple(
      fc.constantFrom('PUBLIC KEY', 'CERTIFICATE', 'CERTIFICATE REQUEST', 'A'),
      fc.base64String(),
    )
    .map(([label, body]) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`),
);
const anything = fc.oneof(
  fc.anything({ maxDepth: 2, withBigInt: true, withNullPrototype: true, withDate: true }),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, undefined, '', [], {}, NaN, Infinity, -0, Symbol('a'), () => 1),
);
/** Mostly what fits, at times anything. */
const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: anything });

const claimsMap = fc.dictionary(
  fc.constantFrom(
    'x-hasura-allowed-roles',
    'x-hasura-default-role',
    'X-Hasura-A',
    'x-hasura-a',
    'a',
  ),
  mostly(
    fc.oneof(text, fc.array(text), fc.record({ path: text, default: text }, { requiredKeys: [] })),
  ),
);
const jwtSecret = fc.record(
  {
    type: mostly(fc.constantFrom('HS256', 'RS256', 'ES256', 'Ed25519', 'EdDSA', 'HS512', 'X')),
    key: mostly(key),
    jwk_url: mostly(text),
    claims_namespace: mostly(text),
    claims_namespace_path: mostly(text),
    claims_format: mostly(fc.constantFrom('json', 'stringified_json')),
    audience: mostly(fc.oneof(text, fc.array(text))),
    issuer: mostly(text),
    claims_map: mostly(claimsMap),
    allowed_skew: mostly(fc.nat()),
    header: mostly(
      fc.oneof(
        text,
        fc.record({ type: fc.constantFrom('Cookie', 'CustomHeader', 'x'), name: text }),
        fc.constant('{"type":"Cookie","name":"a"}'),
      ),
    ),
    extra_required_claims: mostly(fc.array(fc.constantFrom('exp', 'issuer', 'a'))),
    algorithms: mostly(fc.array(fc.constantFrom('RS256', 'HS256', 'none'))),
    stranger: anything,
  },
  { requiredKeys: ['type', 'key'] },
);
const pasted = fc.oneof(
  jwtSecret,
  fc.jsonValue().map((value) => JSON.stringify(value)),
  text,
);
const options = fc
  .record(
    {
      adminSecret: mostly(text),
      adminSecrets: mostly(fc.array(text)),
      jwtSecret: mostly(pasted),
      jwtSecrets: mostly(fc.array(pasted, { maxLength: 3 })),
      authHook: mostly(fc.oneof(text, fc.record({ url: text, mode: text, cache: anything }))),
      unauthorizedRole: mostly(text),
      precedence: mostly(fc.constantFrom('jwt', 'admin-secret')),
      compatibility: mostly(fc.constantFrom('documented', 'engine')),
      errorResponse: mostly(fc.constantFrom('http', 'forward')),
      unsecured: mostly(fc.boolean()),
      requireAudience: mostly(fc.boolean()),
      clientVariables: mostly(fc.constantFrom('drop', 'keep')),
      tokenCache: mostly(fc.record({ maxEntries: anything, maxBytes: anything })),
      keySets: mostly(fc.record({ timeoutMs: anything, waitMs: anything })),
      runtime: fc.constantFrom(
        ...[5, null, [], {}, { now: 5 }, { now: Date.now }, { setTimeout: 'x' }, { later: 1 }],
      ),
      fetch: anything,
    },
    { requiredKeys: [] },
  )
  .map((given) => ({ logger: silent, ...given }));

describe('any options', () => {
  it('make an authenticator or throw a ConfigError', () => {
    fc.assert(fc.property(options, started), { numRuns: 300 });
  });

  it('do so if only the JWT configuration is odd', () => {
    fc.assert(
      fc.property(pasted, (given) => {
        started({ logger: silent, adminSecret: 'secret', jwtSecret: given });
        started({ logger: silent, adminSecret: 'secret', jwtSecrets: [given, given] });
      }),
      { numRuns: 300 },
    );
  });

  it('do so if they are no options at all', () => {
    fc.assert(fc.property(anything, started));
  });
});

describe('any environment', () => {
  const names = [
    ...['ADMIN_SECRET', 'ACCESS_KEY', 'ADMIN_SECRETS', 'JWT_SECRET', 'JWT_SECRETS', 'AUTH_HOOK'],
    ...['AUTH_HOOK_MODE', 'AUTH_HOOK_SEND_REQUEST_BODY', 'UNAUTHORIZED_ROLE', 'STRANGER'],
  ].map((name) => `HASURA_GRAPHQL_${name}`);
  const value = fc.oneof(
    text,
    jwtSecret.map((secret) =>
      JSON.stringify(secret, (_, one: unknown) => (typeof one === 'bigint' ? '1' : one)),
    ),
    fc.jsonValue().map((one) => JSON.stringify([one])),
    fc.constantFrom('true', 'POST', '["a"]', '[{}]'),
  );

  it('makes an authenticator or throws a ConfigError', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (env) => {
        try {
          createAuthenticator({ ...optionsFromEnv(env), logger: silent });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/**
 * As with requests, no clock: each of these texts is a million characters of what a reader that goes back would go back
 * over; squared, each would take hours, and this run would not end. What reads them is JSON.parse, the JSON path parser (its own test
 * has more), the PEM pattern (likewise), and the search for the nearest name, which compares with names of a fixed length.
 */
describe('a million characters', () => {
  const many = (piece: string): string => piece.repeat(1_000_000 / piece.length);
  const hs = { type: 'HS256', key: secretText('hs') };
  it.each<[string, unknown]>([
    ['an unknown option', { [many('a')]: 1 }],
    ['an unknown member', { jwtSecret: { ...hs, [many('audience')]: 1 } }],
    ['open brackets', { jwtSecret: many('[') }],
    ['nested lists', { jwtSecret: `${many('[')}${many(']')}` }],
    ['nested objects', { jwtSecret: many('{"a":') }],
    ['blanks', { jwtSecret: many(' ') }],
    ['a type', { jwtSecret: { ...hs, type: many('HS256') } }],
    ['a key that looks like PEM', { jwtSecret: { ...hs, key: many('-----BEGIN ') } }],
    ['a key that looks like JSON', { jwtSecret: { ...hs, key: `${many(' ')}{${many('"kt')}` } }],
    ['a key of blanks', { jwtSecret: { ...hs, key: many(' ') } }],
    ['a path', { jwtSecret: { ...hs, claims_namespace_path: many('.a') } }],
    ['a header name', { jwtSecret: { ...hs, header: { type: 'Cookie', name: `${many('a')} ` } } }],
    ['a header', { jwtSecret: { ...hs, header: many('{"type":') } }],
    ['an address', { jwtSecret: { jwk_url: `https://${many('a.')}` } }],
    ['an address of dots', { jwtSecret: { jwk_url: `http://127${many('.')}` } }],
    ['a hook', { authHook: many('http://') }],
    ['audiences', { jwtSecret: { ...hs, audience: Array.from(many('a')) } }],
    ['a style', { errorResponse: many('http') }],
  ])('in %s are read once', (_, given) => {
    started({ logger: silent, adminSecret: 'secret', ...(given as object) });
  });
});
