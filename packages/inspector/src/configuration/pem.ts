import type { JwtSecret, KeyType } from '@hasura-auth/core';
import { InputError } from '../input/input-error.js';
import { mistakeOf } from './checked-secret.js';

/** The types of public keys. RS512 is what Hasura's documentation writes for an RSA certificate: it names the family of the key. */
const types: readonly KeyType[] = ['RS512', 'ES256', 'Ed25519'];

/** The member `type` for a public key or certificate in PEM. Throws an InputError if it is none. */
export function typeOfPem(pem: string): KeyType {
  const found = types.find((type) => mistakeOf({ type, key: pem }) === undefined);
  if (found !== undefined) return found;
  const isPrivate = /PRIVATE KEY/.test(pem);
  throw new InputError(
    isPrivate
      ? 'pem: it is a private key, which must stay with the issuer; expected the public key or certificate'
      : 'pem: expected a public key or certificate in PEM, of RSA, of the curve P-256, P-384 or P-521, or Ed25519',
    { question: 'pem' },
  );
}

/** A configuration with a public key of its own instead of the address of a key set. */
export function withPem(secret: JwtSecret, pem: string): JwtSecret {
  const { jwk_url: _replaced, ...rest } = secret;
  return { type: typeOfPem(pem), key: pem, ...rest };
}
