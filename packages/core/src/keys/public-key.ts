import type { KeyObject } from 'node:crypto';
import type { KeyFamily } from '../jwt/algorithms.js';

const curves: Readonly<Record<string, KeyFamily>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
};

/** Which family a public key belongs to; undefined for keys that no algorithm here can use. */
export function familyOf(key: KeyObject): KeyFamily | undefined {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return 'rsa';
    case 'ed25519':
      return 'ed25519';
    case 'ec':
      return curves[String(key.asymmetricKeyDetails?.namedCurve)];
    default:
      return undefined;
  }
}

/** The least RSA modulus, in bits: that of the key in the engine's own documentation. */
export const leastModulusBits = 1024;
/** Below this an RSA key is accepted with a warning (NIST SP 800-131A). */
export const goodModulusBits = 2048;

/** The length of an RSA modulus in bits; 0 where the key is of another family. */
export function modulusBits(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}
