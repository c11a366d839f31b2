import { ConfigError } from '../../src/errors.js';
import { parseJwkUrl } from '../../src/config/jwk-url.js';

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
