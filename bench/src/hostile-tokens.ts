import type { JwtSecret } from '@hasura-auth/core';
import { constants, createHmac, randomBytes, sign, type JsonWebKey } from 'node:crypto';
import { newKeyPair, type KeyKind } from './key-pair.js';
import { benchPayload } from './tokens.js';

/** Every signature algorithm that a token may name. */
export const hostileAlgorithms = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
export type HostileAlgorithm = (typeof hostileAlgorithms)[number];

/** A key that the server trusts. The attacker does not have its private half. */
export interface HostileKey {
  readonly alg: HostileAlgorithm;
  readonly jwtSecret: JwtSecret;
  /** The public key as a member of a key set, without a `kid`; empty for HMAC. */
  readonly jwk: JsonWebKey;
  /** Signs a text: the real cost of a check needs a signature of the right form. */
  readonly sign: (text: string) => Buffer;
}

const curves: Readonly<Record<string, KeyKind>> = {
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
};

/** Makes a key for one algorithm. */
export function hostileKey(alg: HostileAlgorithm): HostileKey {
  const digest = `sha${alg.slice(2)}`;
  if (alg.startsWith('HS')) {
    const key = randomBytes(48).toString('base64url');
    return {
      alg,
      jwtSecret: { type: 'HS256', key }, // `type` names a family
      jwk: {},
      sign: (text) => createHmac(digest, key).update(text).digest(),
    };
  }
  const { publicKey, privateKey } = newKeyPair(curves[alg] ?? 2048);
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 };
  return {
    alg,
    jwtSecret: {
      type: alg.startsWith('ES') ? (alg as 'ES256') : alg === 'EdDSA' ? 'Ed25519' : 'RS256', // `type` names a family
      key: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    },
    jwk: publicKey.export({ format: 'jwk' }),
    sign: (text) =>
      sign(alg === 'EdDSA' ? null : digest, Buffer.from(text), {
        key: privateKey,
        dsaEncoding: 'ieee-p1363',
        ...(alg.startsWith('PS') && pss),
      }),
  };
}

/** Returns a function that makes tokens which are good except for their signature: it belongs to another text. */
export function wrongSignatures({ alg, sign }: HostileKey): () => string {
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg, typ: 'JWT' });
  const signature = sign('another text').toString('base64url');
  let user = 0;
  return () => {
    const payload = encode(benchPayload(user++, Math.floor(Date.now() / 1000)));
    return `${header}.${payload}.${signature}`;
  };
}
