import type { Algorithm } from '../../src/keys/algorithms.js';
import { readKeySet } from '../../src/keys/jwk-set.js';
import { KeySet } from '../../src/keys/key-set.js';
import { testKey } from '@hasura-auth/testkit';

const rsa = testKey('rsa').publicJwk;
const other = testKey('rsa-other').publicJwk;
const p256 = testKey('p256').publicJwk;
const ed25519 = testKey('ed25519').publicJwk;

const keySet = (...keys: unknown[]): KeySet => new KeySet(readKeySet({ keys }, []).keys);

/** The candidates by their places in the set. */
function found(set: KeySet, alg: Algorithm, kid?: string): number[] {
  const places = set.keys.map(({ key }) => key);
  return set.candidates({ alg, kid }).map((key) => places.indexOf(key));
}

describe('the candidates for a token', () => {
  const set = keySet(
    rsa,
    { ...rsa, kid: 'a' },
    { ...other, kid: 'a' },
    { ...other, kid: 'b', alg: 'RS512' },
    { ...p256, kid: 'a' },
    { ...ed25519, kid: 'e', alg: 'EdDSA' },
  );

  it('are those of its kid, then those without one', () => {
    expect(found(set, 'RS256', 'a')).toEqual([1, 2, 0]);
    expect(found(set, 'ES256', 'a')).toEqual([4]);
  });

  it('are those without a kid where its own is unknown', () => {
    expect(found(set, 'RS256', 'x')).toEqual([0]);
    expect(found(set, 'ES256', 'x')).toEqual([]);
  });

  it('are all that fit where it has no kid', () => {
    expect(found(set, 'RS256')).toEqual([0, 1, 2]);
    expect(found(set, 'RS512')).toEqual([0, 1, 2, 3]);
    expect(found(set, 'ES384')).toEqual([]);
    expect(found(set, 'HS256')).toEqual([]);
  });

  it('are bound to their alg, by either name of EdDSA', () => {
    expect(found(set, 'RS256', 'b')).toEqual([0]);
    expect(found(set, 'RS512', 'b')).toEqual([3, 0]);
    expect(found(set, 'Ed25519', 'e')).toEqual([5]);
    expect(found(set, 'EdDSA', 'e')).toEqual([5]);
  });

  it('leave no doubt about which kids are there', () => {
    expect(['a', 'b', 'e', 'x', '__proto__'].filter((kid) => set.names(kid))).toEqual([
      'a',
      'b',
      'e',
    ]);
  });
});

describe('two sets', () => {
  const one = keySet(rsa, { ...p256, kid: 'a' });
  const again = new KeySet(readKeySet({ keys: [rsa, { ...p256, kid: 'a' }] }, one.keys).keys);
  const reversed = new KeySet(readKeySet({ keys: [{ ...p256, kid: 'a' }, rsa] }, one.keys).keys);
  const fewer = new KeySet(readKeySet({ keys: [rsa] }, one.keys).keys);

  it('are equal where they have the same keys in the same order', () => {
    expect([again, reversed, fewer, keySet(rsa, p256)].map((set) => one.equals(set))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('hold the keys that they share', () => {
    const held = one.keys.map(({ key }) => fewer.holds(key));
    expect(held).toEqual([true, false]);
  });
});
