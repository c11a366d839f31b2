import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { algorithms, type Algorithm, type KeyFamily } from '../../src/keys/algorithms.js';
import { TokenDecoder } from '../../src/jwt/decode.js';
import { verifySignature } from '../../src/jwt/verify.js';
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
const signed = (alg: Algorithm, more: { unchecked?: true; key?: string } = {}) => ({
  sign: { key: signers[algorithms[alg].family], alg, ...more },
  claims: goodClaims,
});

describe.each(names)('%s', (alg) => {
  const { family } = algorithms[alg];
  const key = keys[family];

  it('is verified with its key, which is what comes out', async () => {
    expect(await verifySignature([key], await decoded(signed(alg)))).toBe(key);
  });

  it.each(['signature', 'payload', 'zero', 'strip'] as const)(
    'fails where %s was tampered with',
    async (tamper) => {
      expect(
        await verifySignature([key], await decoded({ ...signed(alg), tamper })),
      ).toBeUndefined();
    },
  );

  it('fails with every key of another family', async () => {
    const token = await decoded(signed(alg));
    const foreign = Object.values(keys).filter((one) => one !== key);
    expect(foreign).toHaveLength(5);
    expect(await verifySignature(foreign, token)).toBeUndefined();
  });

  it('is found among others', async () => {
    const token = await decoded(signed(alg));
    const other = others[family];
    const tried = [keys.rsa, ...(other ? [other] : []), keys.p256, key, keys.hmac];
    expect(await verifySignature(tried, token)).toBe(key);
  });

  it('fails where the signature is a byte longer or shorter', async () => {
    const token = await decoded(signed(alg));
    const longer = { ...token, signature: Buffer.concat([token.signature, Buffer.alloc(1)]) };
    const shorter = { ...token, signature: token.signature.subarray(1) };
    expect(await verifySignature([key], longer)).toBeUndefined();
    expect(await verifySignature([key], shorter)).toBeUndefined();
  });
});

it('fails without keys', async () => {
  expect(await verifySignature([], await decoded(signed('RS256')))).toBeUndefined();
});

it('fails with another key of the family', async () => {
  for (const [alg, family] of [
    ['HS256', 'hmac'],
    ['RS256', 'rsa'],
    ['PS256', 'rsa'],
    ['ES256', 'p256'],
  ] as const)
    expect(await verifySignature([others[family]], await decoded(signed(alg)))).toBeUndefined();
});

it('does not take one padding or digest of RSA for another', async () => {
  const token = await decoded(signed('PS256'));
  for (const alg of ['RS256', 'PS384', 'PS512'] as const)
    expect(
      await verifySignature([keys.rsa], { ...token, header: { alg, kid: undefined } }),
    ).toBeUndefined();
});

it('takes ECDSA signatures in the form of RFC 7518, not in DER', async () => {
  const token = await decoded(signed('ES256'));
  expect(token.signature).toHaveLength(64);
});

it('reads the signed text byte by byte', async () => {
  const token = await decoded(signed('ES256'));
  expect(
    await verifySignature([keys.p256], { ...token, signingInput: `${token.signingInput}A` }),
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

  it('its own alg only, where its publisher named one', () => {
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
  expect(await verifySignature([published], token)).toBeUndefined();
  expect(await verifySignature([published, keys.rsa], token)).toBe(keys.rsa);
});

it('refuses HS512 with a secret that is too short, though the signature is right', async () => {
  const recipe = { sign: { key: 'hs-63', alg: 'HS512', unchecked: true }, claims: {} } as const;
  expect(await verifySignature([secret('hs-63')], await decoded(recipe))).toBeUndefined();
});
