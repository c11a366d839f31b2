import { createPublicKey, createSecretKey } from 'node:crypto';
import {
  algorithmsOf,
  keyTypes,
  readStaticKey,
  staticKeySource,
  type KeyType,
  type StaticKeyRules,
} from '../../src/keys/static-key.js';
import { modulusBits, publicKeyFacts } from '../../src/keys/algorithms.js';
import { thrown } from '../thrown.js';
import { secretText, spki, testKey } from '../tokens.js';

const now = Date.now();
const read = (type: KeyType, text: string, rules: Partial<StaticKeyRules> = {}) =>
  readStaticKey(type, text, { now, minRsaBits: 1024, ...rules });
const problem = (type: KeyType, text: string, rules: Partial<StaticKeyRules> = {}): string => {
  const error = thrown(() => read(type, text, rules));
  if (!(error instanceof Error)) throw new Error('what is thrown is an Error');
  return error.message;
};

describe('an HMAC secret', () => {
  it.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ] as const)('for %s has at least %i bytes', (type, least) => {
    expect(read(type, 'a'.repeat(least)).key).toMatchObject({ family: 'hmac', secretBytes: least });
    expect(problem(type, 'a'.repeat(least - 1))).toBe(
      `a ${type} secret must have at least ${String(least)} bytes, and this one has ${String(least - 1)}; let the issuer sign with a longer one, such as of: openssl rand -base64 ${String(least)}`,
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
    ['a list of JWKs', JSON.stringify([testKey('rsa').publicJwk])],
    ['a key of OpenSSH', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)} me@example`],
    ['an ECDSA key of OpenSSH', `ecdsa-sha2-nistp256 AAAAE2VjZHNh${'A'.repeat(60)}`],
    ['a JWK behind blanks', ` \n{ "kid": "a",\n"kty":"oct","k":"${'a'.repeat(50)}"}`],
  ])('is refused if it is %s, which is public', (_, text = '') => {
    expect(problem('HS512', text)).toBe(
      'a HS512 key is a shared secret, and this is a public key in PEM, JWK or OpenSSH form; set the type of that key (RS256, ES256, Ed25519 …)',
    );
  });

  it('that is an encoded public key is used with a warning', () => {
    const body = spki('rsa').replaceAll(/-----[^-]+-----|\s/g, '');
    const { key, warnings } = read('HS256', body);
    expect(key.key.export().toString()).toBe(body);
    expect(warnings).toEqual([
      'it is an encoded public key, used as a HS256 secret, so that every client that knows the public key can sign tokens; set the type of that key (RS256, ES256, Ed25519 …) and its PEM text',
    ]);
  });

  it('that is a URL is used with a warning', () => {
    expect(read('HS256', 'https://issuer.example/.well-known/jwks.json').warnings).toEqual([
      'it is a URL, used as a HS256 secret, so that every client that knows the URL can sign tokens; if it is the address of a key set, set jwk_url instead of type and key',
    ]);
    expect(read('HS256', 'a secret that speaks of https://issuer.example').warnings).toEqual([]);
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
  ] as const)('of type %s may not be %s', (type, name) => {
    const types = { p256: 'ES256', ed25519: 'Ed25519 or EdDSA', rsa: 'RS256 or RS384 or RS512' };
    expect(problem(type, spki(name))).toBe(
      `type ${type} needs a key of its own family, and this is one for ${types[name]}; set the type and the key that the issuer signs with`,
    );
  });

  it.each([
    ['RS256', 'rsa-pss'],
    ['ES256', 'secp256k1'],
    ['EdDSA', 'ed448'],
    ['EdDSA', 'x25519'],
  ] as const)('of type %s may not be %s, which no type is for', (type, name) => {
    expect(problem(type, spki(name))).toBe(
      `type ${type} needs a key of its own family, and this is a kind of key that no algorithm uses; set the type and the key that the issuer signs with`,
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

  it('is refused under minRsaBits, in every form', () => {
    const { x509 = '', csr = '' } = testKey('rsa-1024');
    for (const text of [spki('rsa-1024'), x509, csr])
      expect(problem('RS256', text, { minRsaBits: 2048 })).toBe(
        'an RSA key must have at least 2048 bits, and this one has 1024',
      );
    expect(read('RS256', spki('rsa'), { minRsaBits: 2048 }).warnings).toEqual([]);
    expect(problem('RS256', spki('rsa'), { minRsaBits: 2049 })).toContain('this one has 2048');
    expect(read('ES256', spki('p256'), { minRsaBits: 4096 }).warnings).toEqual([]);
  });

  it('is refused if its exponent is out of bounds', () => {
    const { n = '' } = testKey('rsa').publicJwk ?? {};
    const pem = createPublicKey({ key: { kty: 'RSA', n, e: 'AQ' }, format: 'jwk' })
      .export({ format: 'pem', type: 'spki' })
      .toString();
    expect(problem('RS256', pem)).toBe(
      'it is an RSA key whose modulus or exponent is out of bounds',
    );
  });

  it('may come in a certificate that has expired, with a warning', () => {
    const { x509 = '' } = testKey('p256');
    const expired = 'the certificate has expired; its key is used all the same, as in the engine';
    expect(read('ES256', x509).warnings).toEqual([]);
    expect(read('ES256', x509, { now: Date.UTC(2200, 0) }).warnings).toEqual([expired]);
    expect(
      read('RS256', testKey('rsa-1024').x509 ?? '', { now: Date.UTC(2200, 0) }).warnings,
    ).toEqual(['the RSA key has 1024 bits; 2048 or more are needed to be safe', expired]);
  });

  it('has expired when its certificate says so', () => {
    const { x509 = '' } = testKey('p256');
    const end = Date.parse('Oct 28 23:53:45 2126 GMT');
    expect(read('ES256', x509, { now: end }).warnings).toEqual([]);
    expect(read('ES256', x509, { now: end + 1 }).warnings).toHaveLength(1);
  });
});

it('every type of the documentation is known, and EdDSA', () => {
  expect(keyTypes).toHaveLength(11);
  for (const type of keyTypes) {
    const text = type.startsWith('HS')
      ? secretText('hs')
      : spki(type.startsWith('RS') ? 'rsa' : type.startsWith('ES') ? 'p256' : 'ed25519');
    expect(read(type, text).key.key).toBeDefined();
  }
});

describe('the key source of a configured key', () => {
  const { key } = read('RS256', spki('rsa'));
  const source = staticKeySource(key);

  it('returns the key whatever a token names', () => {
    expect(source.find({ alg: 'RS256', kid: undefined })).toEqual([key]);
    expect(source.find({ alg: 'ES256', kid: 'any' })).toBe(
      source.find({ alg: 'RS256', kid: undefined }),
    );
  });

  it('never changes, also if a signature fails', async () => {
    expect(source.version).toBe(0);
    expect(source.holds(key)).toBe(true);
    expect(source.refresh).toBeUndefined();
    await expect(source.ready()).resolves.toBeUndefined();
    source.signatureFailed({ alg: 'RS256', kid: 'other' });
    source.close();
    expect(source.find({ alg: 'RS256', kid: undefined })).toEqual([key]);
  });
});

it('the algorithms of a family are those that its keys can verify', () => {
  expect(algorithmsOf('hmac')).toEqual(['HS256', 'HS384', 'HS512']);
  expect(algorithmsOf('rsa')).toEqual(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']);
  expect(algorithmsOf('p256')).toEqual(['ES256']);
  expect(algorithmsOf('ed25519')).toEqual(['EdDSA', 'Ed25519']);
});

it.each([
  ['rsa', { family: 'rsa', rsaBits: 2048 }],
  ['rsa-1016', { family: 'rsa', rsaBits: 1016 }],
  ['p256', { family: 'p256' }],
  ['p384', { family: 'p384' }],
  ['p521', { family: 'p521' }],
  ['ed25519', { family: 'ed25519' }],
  ['secp256k1', 'kind'],
  ['ed448', 'kind'],
  ['x25519', 'kind'],
  ['rsa-pss', 'kind'],
])('the facts of a key of the kind %s are its family and its length', (name, facts) => {
  expect(publicKeyFacts(createPublicKey(spki(name)))).toEqual(facts);
});

it('only an RSA key has a modulus of some length', () => {
  expect(modulusBits(createPublicKey(spki('rsa-1016')))).toBe(1016);
  expect(modulusBits(createPublicKey(spki('p256')))).toBe(0);
  expect(modulusBits(createSecretKey(Buffer.alloc(32)))).toBe(0);
});

it('a secret is of no family', () => {
  expect(publicKeyFacts(createSecretKey(Buffer.alloc(32)))).toBe('kind');
});

describe('an RSA key', () => {
  const { n = '' } = testKey('rsa').publicJwk ?? {};
  const facts = (modulus: string, exponent: Buffer) =>
    publicKeyFacts(
      createPublicKey({
        key: { kty: 'RSA', n: modulus, e: exponent.toString('base64url') },
        format: 'jwk',
      }),
    );
  const good = { family: 'rsa', rsaBits: 2048 };
  const longest = Buffer.alloc(4, 0xff);

  it.each<[string, Buffer, unknown]>([
    ['1, with which every signature would be its own message', Buffer.from([1]), 'malformed'],
    ['3', Buffer.from([3]), good],
    ['4, which is even', Buffer.from([4]), 'malformed'],
    ['32 bits', longest, good],
    ['33 bits', Buffer.concat([Buffer.from([1]), longest]), 'malformed'],
    ['a million bits, which Node reads for minutes', Buffer.alloc(125_000, 0xff), 'malformed'],
  ])('with the exponent of %s is checked', (_, exponent, result) => {
    expect(facts(n, exponent)).toEqual(result);
  });

  it.each([
    [8192, { family: 'rsa', rsaBits: 8192 }],
    [8200, 'malformed'],
    [100_000, 'malformed'],
  ])('with a modulus of %i bits is checked', (bits, result) => {
    const modulus = Buffer.alloc(bits / 8, 0xff).toString('base64url');
    expect(facts(modulus, Buffer.from([3]))).toEqual(result);
  });
});

describe('a public key that is no PEM text', () => {
  it.each<[string, string, string]>([
    [
      'a JWK',
      JSON.stringify(testKey('rsa').publicJwk),
      'it is a JWK, and a PEM text is expected; convert it, or publish it in a key set and set jwk_url instead of type and key',
    ],
    [
      'a key of OpenSSH',
      `ssh-rsa AAAAB3NzaC1yc2E${'A'.repeat(60)} me@example`,
      'it is a key in OpenSSH form, and a PEM text is expected; convert it with: ssh-keygen -e -m PKCS8 -f FILE',
    ],
    [
      'a PEM text in base64',
      Buffer.from(spki('rsa')).toString('base64'),
      'it is the base64 or hexadecimal text of a key; set the PEM text itself',
    ],
    [
      'a PEM text without its first and last line',
      spki('rsa')
        .replaceAll(/-----[^-]+-----/g, '')
        .trim(),
      'it is the base64 or hexadecimal text of a key; set the PEM text itself',
    ],
  ])('has a sentence of its own: %s', (_name, text, expected) => {
    expect(problem('RS256', text)).toBe(expected);
  });
});
