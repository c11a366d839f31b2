import {
  createHash,
  createPublicKey,
  createSecretKey,
  createVerify,
  verify,
  type KeyObject,
  type Verify,
} from 'node:crypto';
import fc from 'fast-check';
import {
  algorithms,
  isAlgorithm,
  type Algorithm,
  type KeyFamily,
} from '../../src/keys/algorithms.js';
import { TokenDecoder } from '../../src/jwt/decode.js';
import { signatureVerifier, tokenIdentity, verifySignature } from '../../src/jwt/verify.js';
import { keyFits } from '../../src/keys/key-source.js';
import type { VerificationKey } from '../../src/keys/key-source.js';
import { goodClaims, mintToken, secretText, spki, type TokenRecipe } from '../tokens.js';

const imported = (family: KeyFamily, key: KeyObject, secretBytes = 0): VerificationKey => ({
  family,
  key,
  secretBytes,
});
const secret = (name: string) => {
  const bytes = Buffer.from(secretText(name));
  return imported('hmac', createSecretKey(bytes), bytes.length);
};
const publicKey = (family: KeyFamily, name: string) =>
  imported(family, createPublicKey(spki(name)));

const keys = {
  hmac: secret('hs'),
  rsa: publicKey('rsa', 'rsa'),
  p256: publicKey('p256', 'p256'),
  p384: publicKey('p384', 'p384'),
  p521: publicKey('p521', 'p521'),
  ed25519: publicKey('ed25519', 'ed25519'),
} as const;
const others = {
  hmac: secret('hs-other'),
  rsa: publicKey('rsa', 'rsa-other'),
  p256: publicKey('p256', 'p256-other'),
  ed25519: undefined,
  p384: undefined,
  p521: undefined,
} as const;
const signers = {
  ...{ hmac: 'hs', rsa: 'rsa', p256: 'p256', p384: 'p384' },
  ...{ p521: 'p521', ed25519: 'ed25519' },
};

const names = Object.keys(algorithms) as Algorithm[]; // the keys of that constant table
const decoded = async (recipe: TokenRecipe) => new TokenDecoder().decode(await mintToken(recipe));
type Decoded = Awaited<ReturnType<typeof decoded>>;
/** By the algorithm that the token names, unless it is another one. */
const verifiedBy = (
  tried: readonly VerificationKey[],
  token: Decoded,
  { alg = token.header.alg, by = verifySignature } = {},
) => {
  if (alg === 'none') throw new Error('the token is signed');
  return by(tried, alg, token);
};
const signed = (alg: Algorithm, more: { unchecked?: true; key?: string } = {}) => ({
  sign: { key: signers[algorithms[alg].family], alg, ...more },
  claims: goodClaims,
});

describe.each(names)('%s', (alg) => {
  const { family } = algorithms[alg];
  const key = keys[family];

  it('is verified with its key, which is what comes out', async () => {
    expect(await verifiedBy([key], await decoded(signed(alg)))).toBe(key);
  });

  it.each(['signature', 'payload', 'zero', 'strip'] as const)(
    'fails if %s was tampered with',
    async (tamper) => {
      expect(await verifiedBy([key], await decoded({ ...signed(alg), tamper }))).toBeUndefined();
    },
  );

  it('fails with every key of another family', async () => {
    const token = await decoded(signed(alg));
    const foreign = Object.values(keys).filter((one) => one !== key);
    expect(foreign).toHaveLength(5);
    expect(await verifiedBy(foreign, token)).toBeUndefined();
  });

  it('is found among others', async () => {
    const token = await decoded(signed(alg));
    const other = others[family];
    const tried = [keys.rsa, ...(other ? [other] : []), keys.p256, key, keys.hmac];
    expect(await verifiedBy(tried, token)).toBe(key);
  });

  it('fails if the signature is a byte longer or shorter', async () => {
    const token = await decoded(signed(alg));
    const longer = { ...token, signature: Buffer.concat([token.signature, Buffer.alloc(1)]) };
    const shorter = { ...token, signature: token.signature.subarray(1) };
    expect(await verifiedBy([key], longer)).toBeUndefined();
    expect(await verifiedBy([key], shorter)).toBeUndefined();
  });
});

it('fails without keys', async () => {
  expect(await verifiedBy([], await decoded(signed('RS256')))).toBeUndefined();
});

it('fails with another key of the family', async () => {
  for (const [alg, family] of [
    ['HS256', 'hmac'],
    ['RS256', 'rsa'],
    ['PS256', 'rsa'],
    ['ES256', 'p256'],
  ] as const)
    expect(await verifiedBy([others[family]], await decoded(signed(alg)))).toBeUndefined();
});

it('does not take one padding or digest of RSA for another', async () => {
  const token = await decoded(signed('PS256'));
  for (const alg of ['RS256', 'PS384', 'PS512'] as const)
    expect(await verifiedBy([keys.rsa], token, { alg })).toBeUndefined();
});

it('takes ECDSA signatures in the form of RFC 7518, not in DER', async () => {
  const token = await decoded(signed('ES256'));
  expect(token.signature).toHaveLength(64);
});

it('reads the signed text byte by byte', async () => {
  const token = await decoded(signed('ES256'));
  expect(
    await verifiedBy([keys.p256], { ...token, signingInput: `${token.signingInput}A` }),
  ).toBeUndefined();
});

describe('a key fits', () => {
  it.each([
    ['HS256', 31, false],
    ['HS256', 32, true],
    ['HS384', 47, false],
    ['HS384', 48, true],
    ['HS512', 63, false],
    ['HS512', 64, true],
  ] as const)('%s with a secret of %i bytes: %s', (alg, bytes, fits) => {
    expect(keyFits({ ...keys.hmac, secretBytes: bytes }, alg)).toBe(fits);
  });

  it('its own family only', () => {
    for (const alg of names)
      for (const [family, key] of Object.entries(keys))
        expect({ alg, family, fits: keyFits(key, alg) }).toEqual({
          alg,
          family,
          fits: algorithms[alg].family === family,
        });
  });

  it('its own alg only, if its publisher named one', () => {
    expect(keyFits({ ...keys.rsa, alg: 'RS256' }, 'RS256')).toBe(true);
    expect(keyFits({ ...keys.rsa, alg: 'RS256' }, 'RS512')).toBe(false);
    expect(keyFits({ ...keys.rsa, alg: 'RS256' }, 'PS256')).toBe(false);
    expect(keyFits({ ...keys.rsa, alg: 'EdDSA' }, 'RS256')).toBe(false);
    expect(keyFits({ ...keys.ed25519, alg: 'RS256' }, 'EdDSA')).toBe(false);
  });

  it('both names of Ed25519', () => {
    for (const alg of ['EdDSA', 'Ed25519'] as const)
      for (const used of ['EdDSA', 'Ed25519'] as const)
        expect(keyFits({ ...keys.ed25519, alg }, used)).toBe(true);
  });
});

it('refuses a token of another alg than the key was published for', async () => {
  const token = await decoded(signed('RS512'));
  const published: VerificationKey = { ...keys.rsa, alg: 'RS256' };
  expect(await verifiedBy([published], token)).toBeUndefined();
  expect(await verifiedBy([published, keys.rsa], token)).toBe(keys.rsa);
});

it('refuses HS512 with a secret that is too short, though the signature is right', async () => {
  const recipe = { sign: { key: 'hs-63', alg: 'HS512', unchecked: true }, claims: {} } as const;
  expect(await verifiedBy([secret('hs-63')], await decoded(recipe))).toBeUndefined();
});

// ── Spellings of signatures ──────────────────────────────────────────────────────────────────────

/** The order of P-256 (SEC 2, section 2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other valid form of an ECDSA signature: `(r, n − s)`. */
function otherForm(signature: Buffer): Buffer {
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const other = (order - s).toString(16).padStart(64, '0');
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(other, 'hex')]);
}

it('both forms of an ECDSA signature are accepted: issuers use both', async () => {
  const token = await decoded(signed('ES256'));
  const other = { ...token, signature: otherForm(token.signature) };
  expect(other.signature).not.toEqual(token.signature);
  expect(await verifiedBy([keys.p256], other)).toBe(keys.p256);
});

it('an RSA signature is as long as the modulus: one without its leading zero byte is refused', async () => {
  for (const alg of ['PS256', 'RS256'] as const) {
    let token: Decoded;
    let count = 0;
    do token = await decoded({ ...signed(alg), claims: { count: (count += 1) } });
    while (token.signature[0] !== 0);
    expect(await verifiedBy([keys.rsa], token)).toBe(keys.rsa);
    expect(
      await verifiedBy([keys.rsa], { ...token, signature: token.signature.subarray(1) }),
    ).toBeUndefined();
  }
});

describe('the identity of a token', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

  it('is the SHA-256 of what is signed, so that both forms of an ECDSA signature have one', async () => {
    const { token, signature, signingInput } = await decoded(signed('ES256'));
    const other = `${signingInput}.${otherForm(signature).toString('base64url')}`;
    expect(tokenIdentity(token)).toBe(sha256(signingInput));
    expect(tokenIdentity(other)).toBe(tokenIdentity(token));
    expect(tokenIdentity(`${signingInput}A.${signature.toString('base64url')}`)).not.toBe(
      tokenIdentity(token),
    );
  });

  const part = (header: string): string => Buffer.from(header).toString('base64url');
  it.each([
    ...['', 'opaque', 'a.b', 'a.b.c.d', '..a.', 'Zoë'],
    ...[
      'user-7.session.one',
      'e30.e30.AAAA',
      `${part('[1]')}.e30.AAAA`,
      `${part('{"alg":1}')}.a.b`,
    ],
  ])('is the SHA-256 of the whole text if it is no JWS: %j', (text) => {
    expect(tokenIdentity(text)).toBe(sha256(text));
  });
});

// ── A runtime that takes no key beside `dsaEncoding` ────────────────────────────────────────────

describe('a runtime like Cloudflare’s, which takes ECDSA signatures as DER alone', () => {
  let probes = 0;
  /** Node's functions, but for what that runtime does not take. */
  const derOnly = (digest: string): Verify => {
    const verifier = createVerify(digest);
    const verifyByNode = verifier.verify.bind(verifier);
    return Object.assign(verifier, {
      verify(key: Parameters<Verify['verify']>[0], signature: NodeJS.ArrayBufferView) {
        if (key instanceof Object && 'dsaEncoding' in key) {
          probes += 1;
          throw new TypeError('The "key" argument must be of type string or an instance of Buffer');
        }
        return verifyByNode(key, signature);
      },
    });
  };
  const by = signatureVerifier({ createVerify: derOnly, verify });

  it.each(['ES256', 'ES384', 'ES512'] as const)('is given %s so', async (alg) => {
    const key = keys[algorithms[alg].family];
    for (let count = 0; count < 20; count++) {
      const token = await decoded({ ...signed(alg), claims: { count } });
      expect(await verifiedBy([key], token, { by })).toBe(key);
      const zero = { ...token, signature: Buffer.alloc(token.signature.length) };
      expect(await verifiedBy([key], zero, { by })).toBeUndefined();
    }
  });

  it('was probed once', () => {
    expect(probes).toBe(1);
  });

  it('verifies the same signatures as Node', async () => {
    const { signature, ...rest } = await decoded(signed('ES256'));
    const bits = fc.tuple(fc.nat({ max: 63 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(bits, async ([at, byte]) => {
        const other = Buffer.from(signature);
        other[at] = byte;
        const token = { ...rest, signature: other };
        expect(await verifiedBy([keys.p256], token, { by })).toBe(
          await verifiedBy([keys.p256], token),
        );
      }),
      { numRuns: 200 },
    );
  });
});

// ── Names of algorithms ──────────────────────────────────────────────────────────────────────────

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
