import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

/** A curve by its name in a JWK, or the length of an RSA modulus in bits. */
export type KeyKind = 'P-256' | 'P-384' | 'P-521' | 'Ed25519' | number;

/** A new key pair. */
export interface NewKeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

// Node 20 may stop for ever when it exports a key that it has just made as a JWK: the export holds the key's lock while it
// allocates, and a collection at that moment waits for the same lock. Keys that were read from PEM have their own lock.
const publicKeyEncoding = { format: 'pem', type: 'spki' } as const;
const privateKeyEncoding = { format: 'pem', type: 'pkcs8' } as const;

function pemPair(kind: KeyKind): { readonly privateKey: string; readonly publicKey: string } {
  if (typeof kind === 'number')
    return generateKeyPairSync('rsa', {
      modulusLength: kind,
      publicKeyEncoding,
      privateKeyEncoding,
    });
  return kind === 'Ed25519'
    ? generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding })
    : generateKeyPairSync('ec', { namedCurve: kind, publicKeyEncoding, privateKeyEncoding });
}

/** Makes a key pair, which can be exported in every form. */
export function newKeyPair(kind: KeyKind): NewKeyPair {
  const { privateKey, publicKey } = pemPair(kind);
  return { privateKey: createPrivateKey(privateKey), publicKey: createPublicKey(publicKey) };
}
