import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { goodClaims, part } from '../tokens.js';

/** A key that an issuer signs with, and what it publishes of it. */
export interface IssuerKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: JsonWebKey & { readonly kid: string };
}

/** A new P-256 key. */
export function issuerKey(kid: string): IssuerKey {
  // As PEM: Node 20 may stop for ever when it exports a key that it has just made as a JWK (bench/src/key-pair.ts).
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { format: 'pem', type: 'spki' },
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
  });
  return {
    kid,
    privateKey: createPrivateKey(privateKey),
    jwk: { ...createPublicKey(publicKey).export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' },
  };
}

/** A token with the good claims, without an end, signed with ES256. */
export function tokenOf({ kid, privateKey }: IssuerKey, sub = 'user-1', named = kid): string {
  const input = `${part({ alg: 'ES256', kid: named })}.${part({ ...goodClaims, sub })}`;
  const signature = sign('sha256', Buffer.from(input), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}
