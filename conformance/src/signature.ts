import { constants, createHmac, sign } from 'node:crypto';
import { hmacSecret, privateKey } from './keys.js';

/**
 * The signature by JWA's rules and none of a library's checks, for tokens that a careful signer refuses to make:
 * short keys, `crit` nobody knows, a payload of any bytes, a header that names another algorithm.
 */
export function uncheckedSignature(alg: string, keyName: string, input: string): Buffer {
  const hash = `sha${alg.slice(2)}`;
  const bytes = Buffer.from(input);
  switch (alg.slice(0, 2)) {
    case 'HS':
      return createHmac(hash, hmacSecret(keyName)).update(bytes).digest();
    case 'RS':
      return sign(hash, bytes, privateKey(keyName));
    case 'PS':
      return sign(hash, bytes, {
        key: privateKey(keyName),
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'ES':
      return sign(hash, bytes, { key: privateKey(keyName), dsaEncoding: 'ieee-p1363' });
    case 'Ed':
      return sign(null, bytes, privateKey(keyName));
    default:
      throw new Error(`No way to sign ${alg}`);
  }
}
