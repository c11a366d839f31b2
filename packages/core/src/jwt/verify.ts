import {
  constants,
  createVerify,
  timingSafeEqual,
  verify,
  type KeyObject,
  type VerifyKeyObjectInput,
} from 'node:crypto';
import { keyFits, type VerificationKey } from '../keys/key-source.js';
import type { MaybePromise } from '../maybe-promise.js';
import { algorithms, type KeyFamily } from '../keys/algorithms.js';
import type { UnverifiedToken } from './decode.js';
import { hmac } from './hmac.js';

type Signed = Pick<UnverifiedToken, 'header' | 'signingInput' | 'signature'>;

/** How Node is told of a key. A literal for each call: spreading shared options into one costs 4 µs. */
function verifyOptions(
  { key, family }: VerificationKey,
  pss: boolean,
): KeyObject | VerifyKeyObjectInput {
  if (pss)
    return {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST, // RFC 7518, section 3.5
    };
  return family === 'rsa' ? key : { key, dsaEncoding: 'ieee-p1363' }; // RFC 7518, section 3.4
}

/** How long an ECDSA signature is (RFC 7518, section 3.4): createVerify throws at another length. */
const ecSignatureBytes: Readonly<Partial<Record<KeyFamily, number>>> = {
  p256: 64,
  p384: 96,
  p521: 132,
};

/** Verifies with one key. A signature of the wrong length, or a key that does not fit, is a wrong signature. */
function verifyWith(key: VerificationKey, { header, signingInput, signature }: Signed): boolean {
  if (!keyFits(key, header.alg)) return false;
  const facts = algorithms[header.alg];
  if (facts.family === 'hmac') {
    const expected = hmac(facts.digest, key.key, signingInput);
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
  const { family, digest, pss } = facts;
  if (digest === null) return verify(null, Buffer.from(signingInput, 'latin1'), key.key, signature);
  if (signature.length !== (ecSignatureBytes[family] ?? signature.length)) return false;
  // createVerify takes 6 % less time than the one-shot verify for RS256, 3 % less for ES256.
  return createVerify(digest)
    .update(signingInput, 'latin1')
    .verify(verifyOptions(key, pss), signature);
}

/**
 * The first of the keys that the signature was made with; undefined where none fits. Its callers take a promise as well,
 * so that a verification can leave the event loop by a change here alone.
 */
export function verifySignature(
  keys: readonly VerificationKey[],
  token: Signed,
): MaybePromise<VerificationKey | undefined> {
  for (const key of keys) if (verifyWith(key, token)) return key;
  return undefined;
}
