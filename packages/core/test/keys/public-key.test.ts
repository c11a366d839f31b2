import { createPublicKey, createSecretKey } from 'node:crypto';
import { familyOf, goodModulusBits, leastModulusBits, modulusBits } from '../../src/keys/pem.js';
import { spki } from '../tokens.js';

it.each([
  ['rsa', 'rsa'],
  ['rsa-1024', 'rsa'],
  ['p256', 'p256'],
  ['p384', 'p384'],
  ['p521', 'p521'],
  ['ed25519', 'ed25519'],
  ['secp256k1', undefined],
  ['ed448', undefined],
  ['x25519', undefined],
  ['rsa-pss', undefined],
])('%s belongs to the family %s', (name, family) => {
  expect(familyOf(createPublicKey(spki(name)))).toBe(family);
});

it('a secret belongs to none of them', () => {
  expect(familyOf(createSecretKey(Buffer.alloc(32)))).toBeUndefined();
});

it('an RSA modulus has a length, other keys have none', () => {
  expect(modulusBits(createPublicKey(spki('rsa')))).toBe(2048);
  expect(modulusBits(createPublicKey(spki('rsa-1016')))).toBe(1016);
  expect(modulusBits(createPublicKey(spki('p256')))).toBe(0);
  expect(modulusBits(createSecretKey(Buffer.alloc(32)))).toBe(0);
  expect([leastModulusBits, goodModulusBits]).toEqual([1024, 2048]);
});
