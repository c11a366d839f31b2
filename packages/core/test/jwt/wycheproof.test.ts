import { createSecretKey, type JsonWebKey } from 'node:crypto';
import { wycheproofKeys, wycheproofSignatures, type WycheproofGroup } from '@hasura-auth/testkit';

import { isAuthError } from '../../src/errors.js';
import { TokenDecoder, type UnverifiedToken } from '../../src/jwt/decode.js';
import { verifySignature } from '../../src/jwt/verify.js';
import { readKeySet } from '../../src/keys/jwk-set.js';
import { KeySet } from '../../src/keys/key-set.js';

const otherAlg =
  'the key says PS256 and the token PS384; a key is used with its own alg only (RFC 7517, section 4.4)';
const noSuchAlg = 'the key says ES521, which is no algorithm; the token says ES512';
const lostPadding =
  'in this file the token is that of row 357, which is valid: what was wrong with it got lost';
const strict =
  'a character runtime of base64url is refused, not skipped: one token has one spelling';

/** Rows that we answer otherwise than their `result` says, and why. */
const signatureDifferences: ReadonlyMap<number, string> = new Map([
  [346, otherAlg],
  [347, noSuchAlg],
  [350, otherAlg],
  [351, noSuchAlg],
  [367, lostPadding],
  [370, lostPadding],
  [372, strict],
  [373, strict],
]);
const keyDifferences: ReadonlyMap<number, string> = new Map([
  [2, 'two secrets in a set: symmetric keys of a published set are never used'],
  [
    7,
    'the generator of this key was weak (ROCA); who publishes a key is trusted to have made it well',
  ],
  [8, 'an RSA key of 1024 bits, as in the documentation of the engine, is used with a warning'],
]);

type KeySetOnly = Extract<WycheproofGroup['keys'], { readonly keys: readonly unknown[] }>;

function isKeySet(keys: WycheproofGroup['keys']): keys is KeySetOnly {
  return Array.isArray(keys['keys']);
}

/** A key of its own that is a secret; undefined if it is anything else. */
function secretOf(keys: WycheproofGroup['keys']): Buffer | undefined {
  const [jwk, ...others]: readonly JsonWebKey[] = isKeySet(keys) ? keys.keys : [keys];
  const isSecret = jwk?.kty === 'oct' && String(jwk['alg']).startsWith('HS');
  return isSecret && others.length === 0 ? Buffer.from(jwk.k ?? '', 'base64url') : undefined;
}

const rules = { minRsaBits: 1024, match: 'kid' } as const;

/** One secret as a configuration has it, everything else as a provider publishes it. */
async function keysOf({ keys }: WycheproofGroup): Promise<KeySet> {
  const secret = secretOf(keys);
  if (secret === undefined)
    return new KeySet((await readKeySet(isKeySet(keys) ? keys : { keys: [keys] }, rules, {})).keys);
  const key = { family: 'hmac', key: createSecretKey(secret), secretBytes: secret.length } as const;
  return new KeySet([{ kid: undefined, content: '', isWeak: false, key }]);
}

/** The rows sign any bytes: if only the payload is no JSON object, the token is taken apart without it. */
function decoded(jws: string): UnverifiedToken {
  const decoder = new TokenDecoder();
  try {
    return decoder.decode(jws);
  } catch (error) {
    if (!isAuthError(error) || !error.message.includes('JWTClaimsSetDecodeError')) throw error;
    const [header = '', payload = '', signature = ''] = jws.split('.');
    const token = decoder.decode(`${header}.e30.${signature}`);
    return { ...token, signingInput: `${header}.${payload}` };
  }
}

function verdict(jws: string, keys: KeySet): 'valid' | 'invalid' {
  try {
    const token = decoded(jws);
    const { header } = token;
    if (header.alg === 'none') return 'invalid';
    const key = verifySignature(keys.candidates(header), header.alg, token);
    return key === undefined ? 'invalid' : 'valid';
  } catch (error) {
    if (isAuthError(error)) return 'invalid';
    throw error;
  }
}

describe.each([
  ['signatures', wycheproofSignatures(), 401, signatureDifferences],
  ['keys', wycheproofKeys(), 26, keyDifferences],
] as const)("Wycheproof's %s", (_, groups, count, differences) => {
  const rows = groups.flatMap((group) =>
    group.tests.map((test) => ({ ...test, group: group.comment, keys: keysOf(group) })),
  );

  it.each(rows)('$tcId $group $comment: $result', async ({ tcId, jws, keys, result }) => {
    const opposite = result === 'valid' ? 'invalid' : 'valid';
    expect(verdict(jws, await keys)).toBe(differences.has(tcId) ? opposite : result);
  });

  it(`${count} rows ran, of which ${differences.size} differ for a reason that stands above`, () => {
    expect(rows).toHaveLength(count);
    const ids = new Set(rows.map(({ tcId }) => tcId));
    expect([...differences.keys()].filter((tcId) => !ids.has(tcId))).toEqual([]);
  });
});
