import { compactVerify, decodeProtectedHeader, importSPKI, type CryptoKey } from 'jose';
import { hmacSecret, testKey, mintToken, type TokenRecipe } from '@hasura-auth/testkit';

const now = Date.UTC(2026, 0, 1);
const algorithms = [
  ['rsa', ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
  ['p256', ['ES256']],
  ['p384', ['ES384']],
  ['p521', ['ES512']],
  ['ed25519', ['EdDSA', 'Ed25519']],
  ['hs', ['HS256', 'HS384', 'HS512']],
] as const;
const pairs = algorithms.flatMap(([key, algs]) => algs.map((alg) => [alg, key] as const));

const verifier = (key: string, alg: string): Promise<CryptoKey | Uint8Array> =>
  alg.startsWith('HS')
    ? Promise.resolve(hmacSecret(key))
    : importSPKI(testKey(key).spki ?? '', alg);

const payloadOf = (token: string): string =>
  Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();

describe('minted tokens', () => {
  it.each(pairs)('%s tokens verify with jose, whichever key signed them', async (alg, key) => {
    for (const unchecked of [{}, { unchecked: true }] as const) {
      const recipe: TokenRecipe = {
        sign: { key, alg, ...unchecked },
        claims: { exp: { $now: 60 } },
      };
      const token = await mintToken(recipe, now);
      const { payload, protectedHeader } = await compactVerify(token, await verifier(key, alg));
      expect(protectedHeader).toEqual({ alg });
      expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ exp: now / 1000 + 60 });
    }
  });

  it.each(['signature', 'payload', 'strip', 'zero', 'two-parts', 'five-parts'] as const)(
    'jose refuses what was tampered with: %s',
    async (tamper) => {
      const token = await mintToken(
        { sign: { key: 'rsa', alg: 'RS256' }, claims: {}, tamper },
        now,
      );
      await expect(compactVerify(token, await verifier('rsa', 'RS256'))).rejects.toThrow();
    },
  );

  it('signs with the text of a public key, to confuse algorithms', async () => {
    const token = await mintToken({ sign: { key: 'rsa.spki', alg: 'HS256' }, claims: {} }, now);
    const { protectedHeader } = await compactVerify(token, Buffer.from(testKey('rsa').spki ?? ''));
    expect(protectedHeader.alg).toBe('HS256');
  });

  it('makes unsecured tokens', async () => {
    const token = await mintToken({ sign: { key: null, alg: 'none' }, claims: { sub: '1' } }, now);
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.$/);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'none' });
  });

  it('takes a payload and a header as they are', async () => {
    const sign = { key: 'rsa', alg: 'RS256', unchecked: true } as const;
    expect(payloadOf(await mintToken({ sign, rawPayload: '{oops' }, now))).toBe('{oops');
    expect((await mintToken({ sign, rawPayload: { $hex: 'ff' } }, now)).split('.')[1]).toBe('_w');
    expect((await mintToken({ sign, rawHeader: '[]', claims: {} }, now)).split('.')[0]).toBe('W10');
    expect(await mintToken('as.it.is')).toBe('as.it.is');
  });

  it('keeps members named __proto__', async () => {
    const claims = JSON.parse('{"__proto__":{"a":1}}') as Record<string, never>;
    const token = await mintToken({ sign: { key: 'hs', alg: 'HS256' }, claims }, now);
    expect(payloadOf(token)).toBe('{"__proto__":{"a":1}}');
  });

  it.each(['padded', 'plain', 'trailing-bits', 'blank'] as const)(
    'spells the signature another way, with the same bytes: %s',
    async (spelling) => {
      const recipe = { sign: { key: 'rsa', alg: 'RS256', unchecked: true }, claims: {} } as const;
      const strict = await mintToken(recipe, now);
      const loose = await mintToken({ ...recipe, spell: { signature: spelling } }, now);
      expect(loose).not.toBe(strict);
      const [one, other] = [strict, loose].map((token) =>
        Buffer.from(token.split('.')[2] ?? '', 'base64'),
      );
      expect(one).toEqual(other);
    },
  );
});
