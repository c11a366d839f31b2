import type { JsonWebKey } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { readKeySet, type ReadKeySet } from '../../src/keys/jwk-set.js';
import { keyMember, testKey } from '@hasura-auth/testkit';

import { issuerKey } from './published-keys.js';

function jwk(name: string): JsonWebKey {
  const { publicJwk, privateJwk } = testKey(name);
  if (publicJwk !== undefined) return publicJwk;
  if (privateJwk === undefined) throw new Error(`${name} has no JWK`);
  return createPublicKey({ key: privateJwk, format: 'jwk' }).export({ format: 'jwk' });
}

const read = (...keys: unknown[]): ReadKeySet => readKeySet({ keys }, []);
/** What was said, with the kids, of a set of which nothing can be used. */
function leftOut(...keys: unknown[]): Record<string, readonly (string | undefined)[]> {
  const set = read(...keys);
  expect(set.keys).toEqual([]);
  return Object.fromEntries(set.remarks);
}

describe('a JWK', () => {
  it.each([
    ['rsa', 'rsa'],
    ['p256', 'p256'],
    ['p384', 'p384'],
    ['p521', 'p521'],
    ['ed25519', 'ed25519'],
  ])('of the kind %s is read', (name, family) => {
    const { keys, remarks } = read({ ...jwk(name), kid: 'a' });
    expect(keys.map(({ kid, key }) => [kid, key.family, key.alg])).toEqual([
      ['a', family, undefined],
    ]);
    expect(keys[0]?.key.key.equals(createPublicKey({ key: jwk(name), format: 'jwk' }))).toBe(true);
    expect(remarks.size).toBe(0);
  });

  it('may be bound to an algorithm and to signatures', () => {
    const { keys } = read({ ...jwk('rsa'), alg: 'PS256', use: 'sig', key_ops: ['verify'] });
    expect(keys.map(({ kid, key }) => [kid, key.alg])).toEqual([[undefined, 'PS256']]);
  });

  it('may have absent members as null', () => {
    const { keys } = read({
      ...jwk('p256'),
      kid: null,
      alg: null,
      use: null,
      key_ops: null,
      d: null,
    });
    expect(keys.map(({ kid, key }) => [kid, key.alg])).toEqual([[undefined, undefined]]);
  });

  const secret = { kty: 'oct', k: 'M0VLNkZEK28wK2M3dHpCTlZmanBNa05EaTJ5QVJBQUt6UWxr' };
  it.each<[string, unknown, RegExp]>([
    ['is a secret', secret, /secret/],
    ['is a secret for signatures', { ...secret, alg: 'HS256', use: 'sig' }, /secret/],
    ['is of an unknown kty', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' }, /kind/],
    ['has no kty', { kid: 'a' }, /kind/],
    ['is on a curve for key agreement', jwk('x25519'), /kind/],
    ['is on a curve that is not used here', jwk('ed448'), /kind/],
    ['is on secp256k1', jwk('secp256k1'), /kind|malformed/],
    ['is for encryption', { ...jwk('rsa'), use: 'enc' }, /"use"/],
    ['has another use', { ...jwk('rsa'), use: 'saml_response_sig' }, /"use"/],
    ['has key_ops without verify', { ...jwk('rsa'), key_ops: ['wrapKey'] }, /"key_ops"/],
    ['has key_ops that are no list', { ...jwk('rsa'), key_ops: 'verify' }, /"key_ops"/],
    ['is published with its private half', { ...testKey('rsa').privateJwk }, /private half/],
    ['is bound to encryption', { ...jwk('rsa'), alg: 'RSA-OAEP' }, /"alg"/],
    ['is bound to the algorithm of another kind', { ...jwk('rsa'), alg: 'ES256' }, /"alg"/],
    ['is bound to HMAC', { ...jwk('rsa'), alg: 'HS256' }, /"alg"/],
    ['is bound to what is no text', { ...jwk('rsa'), alg: 256 }, /"alg"/],
    ['has no modulus', { kty: 'RSA', kid: 'a' }, /malformed/],
    ['has a number as its modulus', { ...jwk('rsa'), n: 7 }, /malformed/],
    ['has a kid that is no text', { ...jwk('rsa'), kid: 7 }, /malformed/],
    ['has the exponent 1', { ...jwk('rsa'), e: 'AQ' }, /malformed/],
    ['has a modulus beyond all bounds', { ...jwk('rsa'), n: '__'.repeat(1500) }, /malformed/],
    ['is a point beside its curve', { ...jwk('p256'), y: jwk('p256').x }, /malformed/],
    ['is a short Ed25519 key', { ...jwk('ed25519'), x: 'AA' }, /malformed/],
    ['is a number', 7, /malformed/],
    ['is null', null, /malformed/],
    ['is a list', [jwk('rsa')], /malformed/],
    ['is an RSA key of 512 bits', jwk('rsa-512'), /under 1024 bits, left out/],
    ['is an RSA key of 1016 bits', jwk('rsa-1016'), /under 1024 bits, left out/],
  ])('that %s is left out, and spoils nothing', (_, entry, reason) => {
    const [remark, ...others] = Object.keys(leftOut(entry));
    expect(remark).toMatch(reason);
    expect(others).toEqual([]);
    expect(read(entry, jwk('p256'), entry).keys.map(({ key }) => key.family)).toEqual(['p256']);
  });

  it('of 1024 bits is used, with a remark', () => {
    const { keys, remarks } = read({ ...jwk('rsa-1024'), kid: 'a' });
    expect(keys).toHaveLength(1);
    expect([...remarks]).toEqual([[expect.stringContaining('under 2048 bits, used'), ['a']]]);
  });
});

describe('a set', () => {
  it('says of each key that is left out what its kid is', () => {
    const enc = { ...jwk('rsa'), use: 'enc' };
    expect(leftOut({ ...enc, kid: 'a' }, enc, { ...enc, kid: 'c' })).toEqual({
      'not for signatures by its "use", left out': ['a', undefined, 'c'],
    });
  });

  it('holds a key once, however often it is published', () => {
    const { keys } = read(jwk('p256'), jwk('p256'), { ...jwk('p256'), kid: 'a' });
    expect(keys.map(({ kid }) => kid)).toEqual([undefined, 'a']);
  });

  it('is read up to 100 keys', () => {
    const keys = Array.from({ length: 103 }, (_, index) => ({
      ...jwk('p256'),
      kid: String(index),
    }));
    const set = read(...keys);
    expect(set.keys.map(({ kid }) => kid)).toEqual(keys.slice(0, 100).map(({ kid }) => kid));
    expect([...set.remarks]).toEqual([
      [expect.stringContaining('beyond the first 100'), ['100', '101', '102']],
    ]);
  });

  it('gives a key that is known, and unchanged, as the same object', () => {
    const [one, two] = [issuerKey('one'), issuerKey('two')];
    const { keys: before } = read(one.jwk, two.jwk);
    const reordered = { use: 'sig', x5t: 'other', ...two.jwk };
    const { keys: after } = readKeySet({ keys: [reordered, issuerKey('three').jwk] }, before);
    expect(after[0]).toBe(before[1]);
    expect(after[1]?.kid).toBe('three');
  });

  it.each([
    ['its kid', { kid: 'other' }],
    ['its alg', { alg: undefined }],
    ['its point', { ...issuerKey('one').jwk }],
  ])('gives a key as another one where %s has changed', (_, change) => {
    const one = issuerKey('one').jwk;
    const { keys: before } = read(one);
    const { keys: after } = readKeySet({ keys: [{ ...one, ...change }] }, before);
    expect(after[0]?.key).not.toBe(before[0]?.key);
  });

  it.each([
    ['null', null],
    ['a text', 'keys'],
    ['a list of keys', [jwk('p256')]],
    ['an object without keys', { error: 'not found' }],
    ['an empty object', {}],
    ['keys that are no list', { keys: { a: jwk('p256') } }],
    ['a single key', jwk('p256')],
  ])('is not %s', (_, json) => {
    expect(() => readKeySet(json, [])).toThrow(
      'the answer is JSON, but neither a key set nor a map of certificates',
    );
  });

  it('may be empty', () => {
    expect(read()).toEqual({ keys: [], remarks: new Map() });
  });
});

describe('a map of certificates by kid', () => {
  const certificate = keyMember('rsa.x509');

  it('is read', () => {
    const { keys, remarks } = readKeySet({ a: certificate, b: keyMember('p256.spki') }, []);
    expect(keys.map(({ kid, key }) => [kid, key.family, key.alg])).toEqual([
      ['a', 'rsa', undefined],
      ['b', 'p256', undefined],
    ]);
    expect(remarks.size).toBe(0);
    expect(readKeySet({ a: certificate }, keys).keys[0]).toBe(keys[0]);
  });

  it('leaves out what is no certificate', () => {
    const { keys, remarks } = readKeySet({ a: 'hello', b: 7, c: certificate, d: 'MIIB' }, []);
    expect(keys.map(({ kid }) => kid)).toEqual(['c']);
    expect([...remarks]).toEqual([['malformed, left out', ['a', 'b', 'd']]]);
  });
});
