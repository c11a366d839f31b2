import {
  constants,
  createHash,
  createHmac,
  createPublicKey,
  createVerify,
  timingSafeEqual,
  verify,
  type KeyObject,
  type VerifyKeyObjectInput,
} from 'node:crypto';
import {
  algorithms,
  modulusBits,
  type Algorithm,
  type Digest,
  type KeyFamily,
} from '../keys/algorithms.js';
import { isRecord } from '../json.js';
import { keyFits, type VerificationKey } from '../keys/key-source.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { UnverifiedToken } from './decode.js';

/** What a signature is verified over. */
export type Signed = Pick<UnverifiedToken, 'signingInput' | 'signature'>;

/** The functions of `node:crypto` that verify signatures, or those of a runtime that has its own. */
export interface Verifiers {
  /** Takes 5 % less time than the one-shot `verify` for RS256, 2 % less for ES256. */
  readonly createVerify: typeof createVerify;
  /** For Ed25519, which has no digest of its own to update. */
  readonly verify: typeof verify;
}

/** How long half an ECDSA signature is: the order of the curve in bytes (RFC 7518, section 3.4). */
const orderBytes: Readonly<Partial<Record<KeyFamily, number>>> = { p256: 32, p384: 48, p521: 66 };

/**
 * How long a signature of a key must be, in bytes; undefined if its algorithm says so itself. Any other length would be
 * a second spelling: an RSA signature is as long as the modulus (RFC 8017, section 8.1.2).
 */
function signatureBytes({ family, key }: VerificationKey): number | undefined {
  if (family === 'rsa') return Math.ceil(modulusBits(key) / 8);
  const order = orderBytes[family];
  return order === undefined ? undefined : 2 * order;
}

/** A number as DER writes it (X.690, section 8.3): without leading zero bytes, but with one if it would be negative. */
function derInteger(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first === -1 ? bytes.subarray(-1) : bytes.subarray(first);
  const sign = significant.readUInt8(0) > 0x7f ? [0] : [];
  return Buffer.from([0x02, sign.length + significant.length, ...sign, ...significant]);
}

/** An ECDSA signature as DER: `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, section 2.2.3). */
function derSignature(signature: Buffer): Buffer {
  const order = signature.length / 2;
  const numbers = [signature.subarray(0, order), signature.subarray(order)].map(derInteger);
  const length = numbers.reduce((sum, number) => sum + number.length, 0);
  const head = length > 0x7f ? [0x30, 0x81, length] : [0x30, length];
  return Buffer.concat([Buffer.from(head), ...numbers]);
}

/** The generator of P-256 (SEC 2, section 2.4.2), which is a valid public key. */
const somePublicKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
  y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
};

/** Whether a runtime takes a key beside `dsaEncoding`. Cloudflare's takes none there, and DER signatures alone. */
function takesConcatenated(verifiers: Verifiers): boolean {
  try {
    const key = createPublicKey({ key: somePublicKey, format: 'jwk' });
    const options = { key, dsaEncoding: 'ieee-p1363' } as const;
    verifiers.createVerify('sha256').update('').verify(options, Buffer.alloc(64));
    return true;
  } catch {
    return false;
  }
}

/** Finds the key that a signature was made with; undefined if it was none of them. */
export type SignatureVerifier = (
  keys: readonly VerificationKey[],
  alg: Algorithm,
  signed: Signed,
) => MaybePromise<VerificationKey | undefined>;

/** Verifies signatures by a runtime's functions, which are probed once, before the first ECDSA signature. */
export function signatureVerifier(verifiers: Verifiers): SignatureVerifier {
  let concatenated: boolean | undefined;

  function verifyEcdsa(digest: Digest, text: string, key: KeyObject, signature: Buffer): boolean {
    concatenated ??= takesConcatenated(verifiers);
    const verifier = verifiers.createVerify(digest).update(text, 'latin1');
    return concatenated
      ? verifier.verify({ key, dsaEncoding: 'ieee-p1363' }, signature)
      : verifier.verify(key, derSignature(signature));
  }

  /** A signature of the wrong length, or a key that does not fit, is a wrong signature. */
  function verifyWith(key: VerificationKey, alg: Algorithm, signed: Signed): boolean {
    if (!keyFits(key, alg)) return false;
    const { signingInput, signature } = signed;
    const { family, digest, pss } = algorithms[alg];
    if (family === 'hmac') {
      // As text, and from that into Buffer's pool: a Buffer of Node's own costs an allocation outside V8's heap (docs/performance.md).
      const hmac = createHmac(digest, key.key).update(signingInput, 'latin1').digest('binary'); // latin1 by its older name
      const expected = Buffer.from(hmac, 'latin1');
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    }
    if (signature.length !== (signatureBytes(key) ?? signature.length)) return false;
    if (digest === null)
      return verifiers.verify(null, Buffer.from(signingInput, 'latin1'), key.key, signature);
    if (family !== 'rsa') return verifyEcdsa(digest, signingInput, key.key, signature);
    const verifier = verifiers.createVerify(digest).update(signingInput, 'latin1');
    return verifier.verify(pss ? pssKey(key.key) : key.key, signature);
  }

  return (keys, alg, signed) => keys.find((key) => verifyWith(key, alg, signed));
}

/** RFC 7518, section 3.5. */
function pssKey(key: KeyObject): VerifyKeyObjectInput {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

/**
 * The first of the keys that a signature was made with. Its callers take a promise as well, so that a verification can
 * leave the event loop by a change here alone.
 */
export const verifySignature: SignatureVerifier = signatureVerifier({ createVerify, verify });

/**
 * Header and payload of a JWS in compact form. The signature may be followed by what many decoders of base64url pass over,
 * such as `=`: a webhook that uses one accepts the token all the same, and it must have the same identity.
 */
const signedPart = /^[\w-]+\.[\w-]+(?=\.[^.]*$)/;

/** Whether a text begins with the header of a JWS: a JSON object that names an algorithm (RFC 7515, section 4.1.1). */
function hasJwsHeader(token: string): boolean {
  const part = token.slice(0, token.indexOf('.'));
  try {
    const header: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(header) && typeof header['alg'] === 'string';
  } catch {
    return false; // no JSON
  }
}

/**
 * The identity of a token, for disconnecting and revoking it without keeping the token itself: the SHA-256, in base64url,
 * of header and payload of a JWS, since an ECDSA signature has two valid forms; of the whole text of anything else, which
 * only a webhook understands.
 */
export function tokenIdentity(token: string): string {
  const signed = signedPart.exec(token)?.[0];
  const text = signed !== undefined && hasJwsHeader(token) ? signed : token;
  return createHash('sha256').update(text).digest('base64url');
}
