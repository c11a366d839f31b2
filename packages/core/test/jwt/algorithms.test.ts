import { algorithms, isAlgorithm } from '../../src/keys/algorithms.js';

describe('algorithms', () => {
  it('are those of RFC 7518, RFC 8037 and RFC 9864, with what each needs', () => {
    const row = (family: string, digest: string | null, pss: boolean, secretBytes: number) => ({
      family,
      digest,
      pss,
      secretBytes,
    });
    expect(algorithms).toEqual({
      HS256: row('hmac', 'sha256', false, 32),
      HS384: row('hmac', 'sha384', false, 48),
      HS512: row('hmac', 'sha512', false, 64),
      RS256: row('rsa', 'sha256', false, 0),
      RS384: row('rsa', 'sha384', false, 0),
      RS512: row('rsa', 'sha512', false, 0),
      PS256: row('rsa', 'sha256', true, 0),
      PS384: row('rsa', 'sha384', true, 0),
      PS512: row('rsa', 'sha512', true, 0),
      ES256: row('p256', 'sha256', false, 0),
      ES384: row('p384', 'sha384', false, 0),
      ES512: row('p521', 'sha512', false, 0),
      EdDSA: row('ed25519', null, false, 0),
      Ed25519: row('ed25519', null, false, 0),
    });
  });

  it.each(Object.keys(algorithms))('knows %s', (name) => {
    expect(isAlgorithm(name)).toBe(true);
  });

  it.each(['none', 'None', '', 'hs256', 'HS1', 'ES256K', 'RSA-OAEP', 'constructor', '__proto__'])(
    'does not know %p',
    (name) => {
      expect(isAlgorithm(name)).toBe(false);
    },
  );
});
