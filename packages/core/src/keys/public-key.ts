import type { AsymmetricKeyDetails, KeyObject } from 'node:crypto';
import type { KeyFamily } from './algorithms.js';

/** Below this length in bits an RSA key is used with a warning (NIST SP 800-131A). */
export const goodRsaBits = 2048;
/** The least that `minRsaBits` may be, and its default: the length of the key in the engine's own documentation. */
export const leastRsaBits = 1024;

/** OpenSSL verifies nothing with a longer modulus. */
const mostRsaBits = 16_384;
/** FIPS 186-5, section 5.1, allows no larger public exponent; a very large one makes each verification slow. */
const mostExponent = 2n ** 256n;
/** No key within these bounds takes more bytes as SPKI. Node needs seconds to read the exponent of an endless one. */
const mostSpkiBytes = 4400;

const curves: Readonly<Record<string, Exclude<KeyFamily, 'hmac'>>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
};

/** What a public key can be used for. */
export interface PublicKeyFacts {
  readonly family: Exclude<KeyFamily, 'hmac'>;
  /** The length of an RSA modulus in bits; undefined for other families. */
  readonly rsaBits?: number;
}

/** The length of an RSA modulus in bits; 0 for keys of other families. */
export function modulusBits(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}

type RsaDetails = Readonly<
  Required<Pick<AsymmetricKeyDetails, 'modulusLength' | 'publicExponent'>>
>;

/** An RSA key whose modulus and exponent are within bounds. */
function rsaFacts(key: KeyObject): PublicKeyFacts | 'malformed' {
  if (key.export({ format: 'der', type: 'spki' }).length > mostSpkiBytes) return 'malformed';
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails as RsaDetails; // Node gives both for each RSA key
  // With the exponent 1, every signature would be its own message; an even one has no private key.
  const isGood =
    modulusLength <= mostRsaBits &&
    publicExponent >= 3n &&
    publicExponent % 2n === 1n &&
    publicExponent < mostExponent;
  return isGood ? { family: 'rsa', rsaBits: modulusLength } : 'malformed';
}

/** What a public key can be used for; `kind` if no algorithm uses such keys, `malformed` if it is out of bounds. */
export function publicKeyFacts(key: KeyObject): PublicKeyFacts | 'kind' | 'malformed' {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return rsaFacts(key);
    case 'ed25519':
      return { family: 'ed25519' };
    case 'ec': {
      const family = curves[String(key.asymmetricKeyDetails?.namedCurve)];
      return family === undefined ? 'kind' : { family };
    }
    default:
      return 'kind';
  }
}
