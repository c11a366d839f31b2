import { constants, createHmac, timingSafeEqual, verify } from 'node:crypto';
import type { VerificationKey } from '../keys/key-source.js';
import { andThen, type MaybePromise } from '../maybe-promise.js';
import { algorithms, canonical, type Algorithm } from './algorithms.js';
import type { UnverifiedToken } from './decode.js';

type Signed = Pick<UnverifiedToken, 'header' | 'signingInput' | 'signature'>;

/** Whether a key may be used with an algorithm: its family, its own `alg`, and the length of a secret. */
export function keyFits(key: VerificationKey, alg: Algorithm): boolean {
  const { family, secretBytes } = algorithms[alg];
  return (
    key.family === family &&
    (key.alg === undefined || canonical(key.alg) === canonical(alg)) &&
    key.secretBytes >= secretBytes
  );
}

/** Verifies with one key. A signature of the wrong length, or a key that does not fit, is a wrong signature. */
function verifyWith(key: VerificationKey, { header, signingInput, signature }: Signed): boolean {
  if (!keyFits(key, header.alg)) return false;
  const facts = algorithms[header.alg];
  if (facts.family === 'hmac') {
    const expected = createHmac(facts.digest, key.key).update(signingInput).digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
  const data = Buffer.from(signingInput, 'latin1');
  const { digest, pss } = facts;
  if (pss)
    return verify(
      digest,
      data,
      {
        key: key.key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST, // RFC 7518, section 3.5
      },
      signature,
    );
  return verify(digest, data, { key: key.key, dsaEncoding: 'ieee-p1363' }, signature);
}

/**
 * The first of the keys that the signature was made with; undefined where none fits. May answer with a promise, so that
 * a verification can leave the event loop; the keys are tried one after another either way.
 */
export function verifySignature(
  keys: readonly VerificationKey[],
  token: Signed,
  at = 0,
): MaybePromise<VerificationKey | undefined> {
  const key = keys[at];
  if (key === undefined) return undefined;
  const verified: MaybePromise<boolean> = verifyWith(key, token);
  return andThen(verified, (right) => (right ? key : verifySignature(keys, token, at + 1)));
}
