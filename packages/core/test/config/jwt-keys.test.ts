import { parseJwkUrl } from '../../src/config/jwk-url.js';
import { ConfigError } from '../../src/errors.js';
import { algorithms, type Algorithm } from '../../src/keys/algorithms.js';
import { looseJwt, parsedJwt } from '../parsed-jwt.js';
import { mistake } from '../thrown.js';
import { privatePem, secretText, spki, testKey } from '../tokens.js';

type Given = Readonly<Record<string, unknown>>;

const rsa = { type: 'RS256', key: spki('rsa') };
const parse = (secret: unknown) => parsedJwt(secret as Given).config;
const problem = (secret: unknown): string => mistake(() => looseJwt(secret)).message;
const allowed = (secret: Given): string[] =>
  (Object.keys(algorithms) as Algorithm[]).filter((name) => parse(secret).algorithms.has(name)); // a constant table

const types = 'HS256, HS384, HS512, RS256, RS384, RS512, Ed25519, EdDSA, ES256, ES384, ES512';

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
    expect(parse(rsa).algorithms.has('PS512')).toBe(true);
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

function warningsOf(url: unknown, audience?: unknown): readonly string[] {
  const lines: string[] = [];
  const warn = (option: string, text: string) => void lines.push(`${option}: ${text}`);
  expect(parseJwkUrl(url, 'jwtSecret', { audience, warn })).toBe(url);
  return lines;
}

describe('the keys of a host that signs for many tenants', () => {
  it.each([
    'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
    'https://WWW.googleapis.com:443/oauth2/v3/certs',
    'https://www.gstatic.com/iap/verify/public_key-jwk',
    'https://login.microsoftonline.com/common/discovery/v2.0/keys',
    'https://login.microsoftonline.com/8f1e0a52-3c4b-4d5e-9f60-718293a4b5c6/discovery/v2.0/keys',
    'https://8f1e0a52-3c4b-4d5e-9f60-718293a4b5c6.ciamlogin.com/8f1e0a52-3c4b-4d5e-9f60-718293a4b5c6/discovery/v2.0/keys',
    'https://appleid.apple.com/auth/keys',
    'https://token.actions.githubusercontent.com/.well-known/jwks',
    'https://cognito-identity.amazonaws.com/.well-known/jwks_uri',
  ])('are logged as a warning if no audience is set: %s', (url) => {
    expect(warningsOf(url)).toEqual([
      expect.stringMatching(
        /^jwtSecret\.audience: the keys at \S+ sign for all .+; set the audience of your tokens$/,
      ),
    ]);
    expect(warningsOf(url, 'my-app')).toEqual([]);
  });

  it('are not those of a host that belongs to a single tenant', () => {
    expect(warningsOf('https://my-tenant.eu.auth0.com/.well-known/jwks.json')).toEqual([]);
    expect(warningsOf('https://www.googleapis.com.example.com/jwks')).toEqual([]);
    expect(warningsOf('https://my-ciamlogin.com/jwks')).toEqual([]);
  });
});

describe('a key set over plain http', () => {
  it.each(['http://10.0.0.7/jwks', 'http://auth.example.com/jwks', 'http://127.example.com/jwks'])(
    'is logged as a warning if it comes from another machine: %s',
    (url) => {
      expect(warningsOf(url)).toEqual([
        'jwtSecret.jwk_url: an attacker on the network can exchange keys that are fetched over plain http; use https',
      ]);
    },
  );

  it.each([
    'http://localhost:3000/jwks',
    'http://auth.localhost/jwks',
    'http://127.0.0.1:3000/jwks',
    'http://127.1/jwks',
    'http://[::1]:3000/jwks',
  ])('is accepted from this machine: %s', (url) => {
    expect(warningsOf(url)).toEqual([]);
  });
});

it('a warning shows only the host of an address', () => {
  const [plain, shared] = warningsOf('http://user:pass@www.googleapis.com/path?token=secret');
  expect(plain).not.toMatch(/user|pass|path|secret/);
  expect(shared).not.toMatch(/user|pass@|path|secret/);
  expect(() => warningsOf('ftp://user:pass@example.com')).toThrow(ConfigError);
  expect(() => warningsOf('ftp://user:pass@example.com')).toThrow(
    /^jwtSecret\.jwk_url: (?!.*pass)/,
  );
});

describe('a claims_map whose allowed roles are a list with admins of the provider', () => {
  const warned = (jwk_url: string, roles: unknown) =>
    looseJwt({
      jwk_url,
      claims_map: { 'x-hasura-allowed-roles': roles, 'x-hasura-default-role': 'user' },
    }).warnings;
  const master = 'https://sso.example/realms/master/protocol/openid-connect/certs';
  const workos = 'https://api.workos.com/sso/jwks/client_01ABCDEF';

  it.each([
    [master, '$.realm_access.roles', 'the administrators of Keycloak in the realm master'],
    [master, 'realm_access["roles"]', 'the administrators of Keycloak in the realm master'],
    [workos, '$.roles', 'the administrators of organizations in WorkOS'],
  ])('is logged as a warning: %s, %s', (url, path, admins) => {
    expect(warned(url, { path })).toEqual([
      expect.stringMatching(
        `^jwtSecret.claims_map: the list .+ contains admin for ${admins}, which has every permission in Hasura;`,
      ),
    ]);
  });

  it.each([
    [master, ['user']],
    [master, { path: '$.hasura.roles' }],
    [master.replace('master', 'my-realm'), { path: '$.realm_access.roles' }],
    [workos.replace('api.', 'api.example.'), { path: '$.roles' }],
  ])('and no other is: %s, %j', (url, roles) => {
    expect(warned(url, roles)).toEqual([]);
  });

  it('nor is a configuration with a key or a namespace', () => {
    const claims_map = {
      'x-hasura-allowed-roles': { path: '$.roles' },
      'x-hasura-default-role': 'user',
    };
    expect(looseJwt({ ...rsa, claims_map }).warnings).toEqual([]);
    expect(looseJwt({ jwk_url: master }).warnings).toEqual([]);
  });
});
