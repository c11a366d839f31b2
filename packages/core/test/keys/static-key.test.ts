import {
  algorithmsOf,
  keyTypes,
  readStaticKey,
  staticKeySource,
  type KeyType,
} from '../../src/keys/static-key.js';
import { thrown } from '../thrown.js';
import { secretText, spki, testKey } from '../tokens.js';

const now = Date.now();
const read = (type: KeyType, text: string, at = now) => readStaticKey(type, text, at);
const problem = (type: KeyType, text: string): string => {
  const error = thrown(() => read(type, text));
  if (!(error instanceof Error)) throw new Error('what is thrown is an Error');
  return error.message;
};

describe('a shared secret', () => {
  it.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ] as const)('for %s has at least %i bytes', (type, least) => {
    expect(read(type, 'a'.repeat(least)).key).toMatchObject({ family: 'hmac', secretBytes: least });
    expect(problem(type, 'a'.repeat(least - 1))).toBe(
      `a ${type} secret must have at least ${String(least)} bytes, and this one has ${String(least - 1)}`,
    );
  });

  it('is counted in bytes of UTF-8', () => {
    expect(read('HS256', 'ä'.repeat(16)).key.secretBytes).toBe(32);
    expect(problem('HS256', 'ä'.repeat(15))).toContain('and this one has 30');
  });

  it('is the text itself', () => {
    const { key, warnings } = read('HS256', secretText('hs'));
    expect(key.key.export().toString()).toBe(secretText('hs'));
    expect(key.key.type).toBe('secret');
    expect(warnings).toEqual([]);
  });

  it.each<[string, string | undefined]>([
    ['SPKI PEM', spki('rsa')],
    ['PKCS #1 PEM', testKey('rsa').pkcs1],
    ['a certificate', testKey('rsa').x509],
    ['PEM behind something else', `key: ${spki('rsa')}`],
    ['a JWK', JSON.stringify(testKey('rsa').publicJwk)],
    ['a JWK behind blanks', ` \n{ "kid": "a",\n"kty":"oct","k":"${'a'.repeat(50)}"}`],
  ])('is not %s, which everybody knows', (_, text = '') => {
    expect(problem('HS512', text)).toBe(
      'a HS512 key is a shared secret, and this is a public key in PEM or JWK form; name its own type (RS256, ES256, Ed25519 …)',
    );
  });

  it('may look a little like JSON', () => {
    expect(read('HS256', '{"a secret":"in the form of JSON, why not"}').key.family).toBe('hmac');
    expect(read('HS256', 'a secret that speaks of {"kty":"RSA"} is one').key.family).toBe('hmac');
  });
});

describe('a public key', () => {
  it.each([
    ['RS256', 'rsa', 'rsa'],
    ['RS384', 'rsa', 'rsa'],
    ['RS512', 'rsa', 'rsa'],
    ['ES256', 'p256', 'p256'],
    ['ES256', 'p384', 'p384'],
    ['ES384', 'p521', 'p521'],
    ['ES512', 'p256', 'p256'],
    ['Ed25519', 'ed25519', 'ed25519'],
    ['EdDSA', 'ed25519', 'ed25519'],
  ] as const)('of type %s may be %s', (type, name, family) => {
    expect(read(type, spki(name))).toMatchObject({ key: { family, secretBytes: 0 }, warnings: [] });
  });

  it.each([
    ['RS256', 'p256'],
    ['RS256', 'ed25519'],
    ['ES256', 'rsa'],
    ['ES256', 'ed25519'],
    ['Ed25519', 'p256'],
    ['EdDSA', 'rsa'],
    ['RS256', 'rsa-pss'],
    ['ES256', 'secp256k1'],
    ['EdDSA', 'ed448'],
    ['EdDSA', 'x25519'],
  ] as const)('of type %s may not be %s', (type, name) => {
    expect(problem(type, spki(name))).toBe(
      `type ${type} needs a key of its own family, and this is another kind of key`,
    );
  });

  it('may be an RSA key of 1024 bits, with a warning, and no shorter one', () => {
    expect(read('RS256', spki('rsa-1024')).warnings).toEqual([
      'the RSA key has 1024 bits; 2048 or more are needed to be safe',
    ]);
    expect(problem('RS256', spki('rsa-1016'))).toBe(
      'an RSA key must have at least 1024 bits, and this one has 1016',
    );
    expect(problem('RS256', spki('rsa-512'))).toBe(
      'an RSA key must have at least 1024 bits, and this one has 512',
    );
  });

  it('may come in a certificate that has expired, with a warning', () => {
    const { x509 = '' } = testKey('p256');
    const expired = 'the certificate has expired; its key is used all the same, as in the engine';
    expect(read('ES256', x509).warnings).toEqual([]);
    expect(read('ES256', x509, Date.UTC(2200, 0)).warnings).toEqual([expired]);
    expect(read('RS256', testKey('rsa-1024').x509 ?? '', Date.UTC(2200, 0)).warnings).toEqual([
      'the RSA key has 1024 bits; 2048 or more are needed to be safe',
      expired,
    ]);
  });

  it('ends with the last moment of its certificate', () => {
    const { x509 = '' } = testKey('p256');
    const end = Date.parse('Oct 28 23:53:45 2126 GMT');
    expect(read('ES256', x509, end).warnings).toEqual([]);
    expect(read('ES256', x509, end + 1).warnings).toHaveLength(1);
  });
});

it('the types are those of the documentation, and EdDSA', () => {
  expect(keyTypes).toHaveLength(11);
  for (const type of keyTypes) {
    const text = type.startsWith('HS')
      ? secretText('hs')
      : spki(type.startsWith('RS') ? 'rsa' : type.startsWith('ES') ? 'p256' : 'ed25519');
    expect(read(type, text).key.key).toBeDefined();
  }
});

describe('the source of one key', () => {
  const { key } = read('RS256', spki('rsa'));
  const source = staticKeySource(key);

  it('gives it whatever a token asks for', () => {
    expect(source.find({ alg: 'RS256', kid: undefined })).toEqual([key]);
    expect(source.find({ alg: 'ES256', kid: 'any' })).toBe(
      source.find({ alg: 'RS256', kid: undefined }),
    );
  });

  it('never changes', async () => {
    expect(source.version).toBe(0);
    expect(source.holds(key)).toBe(true);
    expect(source.refresh()).toBeUndefined();
    await expect(source.ready()).resolves.toBeUndefined();
    source.close();
    expect(source.find({ alg: 'RS256', kid: undefined })).toEqual([key]);
  });
});

it('the algorithms of a family', () => {
  expect(algorithmsOf('hmac')).toEqual(['HS256', 'HS384', 'HS512']);
  expect(algorithmsOf('rsa')).toEqual(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']);
  expect(algorithmsOf('p256')).toEqual(['ES256']);
  expect(algorithmsOf('ed25519')).toEqual(['EdDSA', 'Ed25519']);
});
