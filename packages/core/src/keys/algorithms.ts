import type { AsymmetricKeyDetails, KeyObject } from 'node:crypto';

/** A family of keys. `type` in a JWT configuration names the family, not the one algorithm. */
export type KeyFamily = 'hmac' | 'rsa' | 'p256' | 'p384' | 'p521' | 'ed25519';

/** A digest by Node's name. */
export type Digest = 'sha256' | 'sha384' | 'sha512';

interface HmacFacts {
  readonly family: 'hmac';
  /** The digest by Node's name. */
  readonly digest: Digest;
  readonly pss: false;
  /** The least length of an HMAC secret in bytes: the digest's own (RFC 7518, section 3.2). */
  readonly secretBytes: number;
}

interface AsymmetricFacts {
  readonly family: Exclude<KeyFamily, 'hmac'>;
  /** The digest by Node's name; null if the algorithm has its own (Ed25519). */
  readonly digest: Digest | null;
  /** Whether RSA signatures are padded with PSS instead of PKCS #1 v1.5. */
  readonly pss: boolean;
  readonly secretBytes: 0;
}

const hmac = (digest: Digest, secretBytes: number): HmacFacts => ({
  family: 'hmac',
  digest,
  pss: false,
  secretBytes,
});

const asymmetric = (
  family: AsymmetricFacts['family'],
  digest: Digest | null,
  pss = false,
): AsymmetricFacts => ({ family, digest, pss, secretBytes: 0 });

/** A signature algorithm by its name in a token's header. */
export type Algorithm =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519';

/** What each signature algorithm needs (RFC 7518, section 3.1; RFC 8037; RFC 9864 for the name Ed25519). */
export const algorithms: Readonly<Record<Algorithm, HmacFacts | AsymmetricFacts>> = {
  HS256: hmac('sha256', 32),
  HS384: hmac('sha384', 48),
  HS512: hmac('sha512', 64),
  RS256: asymmetric('rsa', 'sha256'),
  RS384: asymmetric('rsa', 'sha384'),
  RS512: asymmetric('rsa', 'sha512'),
  PS256: asymmetric('rsa', 'sha256', true),
  PS384: asymmetric('rsa', 'sha384', true),
  PS512: asymmetric('rsa', 'sha512', true),
  ES256: asymmetric('p256', 'sha256'),
  ES384: asymmetric('p384', 'sha384'),
  ES512: asymmetric('p521', 'sha512'),
  EdDSA: asymmetric('ed25519', null),
  Ed25519: asymmetric('ed25519', null),
};

/** Whether a name is one of the algorithms above; `none` is not. */
export function isAlgorithm(name: string): name is Algorithm {
  return Object.hasOwn(algorithms, name);
}

/** One name for each algorithm: EdDSA and Ed25519 are the same here (RFC 9864, section 2.2). */
export function canonical(name: Algorithm): Algorithm {
  return name === 'EdDSA' ? 'Ed25519' : name;
}

// ── Public keys ──────────────────────────────────────────────────────────────────────────────────

/** Below this length in bits an RSA key is used with a warning (NIST SP 800-131A). */
export const goodRsaBits = 2048;
/** The least that `minRsaBits` may be, and its default: the length of the key in the engine's own documentation. */
export const leastRsaBits = 1024;

/**
 * The longest RSA modulus in bits, as in Go's TLS (CVE-2023-29409): one verification with a key of 16,384 bits takes as long
 * as ten with one of 4096.
 */
const mostRsaBits = 8192;
/** Public exponents are below it, and nearly always 65,537: a long one makes each verification slow. */
const mostExponent = 2n ** 32n;
/** No key within these bounds takes more bytes as SPKI. Node needs seconds to read the exponent of an endless one. */
const mostSpkiBytes = 1200;

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
