import { createSecretKey } from 'node:crypto';
import { algorithms, type Algorithm, type KeyFamily } from './algorithms.js';
import type { KeySource, VerificationKey } from './key-source.js';
import { looksLikePem, readPem } from './pem.js';
import { familyOf, goodModulusBits, leastModulusBits, modulusBits } from './pem.js';

/** The `type` of a JWT configuration with a `key`, as the engine names them. */
export type KeyType =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'Ed25519'
  | 'EdDSA';

/** Every `type`, in the order of the documentation. */
export const keyTypes: readonly KeyType[] = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'Ed25519',
  'EdDSA',
  'ES256',
  'ES384',
  'ES512',
];

/** A key read from a configuration, and what an operator should hear of it. */
export interface StaticKey {
  readonly key: VerificationKey;
  readonly warnings: readonly string[];
}

/** HMAC secrets and PEM texts of one configuration. Throws an Error that says what was expected, never what was given. */
export function readStaticKey(type: KeyType, text: string, now: number): StaticKey {
  return algorithms[type].family === 'hmac'
    ? readSecret(type, text)
    : readPublicKey(type, text, now);
}

function readSecret(type: KeyType, text: string): StaticKey {
  // Whoever knows a public key could sign with it as if it were the secret (RFC 8725, section 3.1).
  if (looksLikePem(text) || looksLikeJwk(text))
    throw new Error(
      `a ${type} key is a shared secret, and this is a public key in PEM or JWK form; name its own type (RS256, ES256, Ed25519 …)`,
    );
  const bytes = Buffer.from(text, 'utf8');
  const least = algorithms[type].secretBytes;
  if (bytes.length < least)
    throw new Error(
      `a ${type} secret must have at least ${String(least)} bytes, and this one has ${String(bytes.length)}`,
    );
  return {
    key: { family: 'hmac', key: createSecretKey(bytes), secretBytes: bytes.length },
    warnings: [],
  };
}

function looksLikeJwk(text: string): boolean {
  return /^\s*\{[^]*"kty"/.test(text);
}

/** ES256, ES384 and ES512 are one family here: the curve decides which of them a token may use. */
function fits(type: KeyType, family: KeyFamily): boolean {
  const named: KeyFamily = algorithms[type].family;
  return named.startsWith('p') ? family.startsWith('p') : family === named;
}

function readPublicKey(type: KeyType, text: string, now: number): StaticKey {
  const { key, notAfter } = readPem(text);
  const family = familyOf(key);
  if (family === undefined || !fits(type, family))
    throw new Error(`type ${type} needs a key of its own family, and this is another kind of key`);
  const warnings: string[] = [];
  if (family === 'rsa') {
    const bits = modulusBits(key);
    if (bits < leastModulusBits)
      throw new Error(
        `an RSA key must have at least ${String(leastModulusBits)} bits, and this one has ${String(bits)}`,
      );
    if (bits < goodModulusBits)
      warnings.push(
        `the RSA key has ${String(bits)} bits; ${String(goodModulusBits)} or more are needed to be safe`,
      );
  }
  if (notAfter !== undefined && notAfter < now)
    warnings.push('the certificate has expired; its key is used all the same, as in the engine');
  return { key: { family, key, secretBytes: 0 }, warnings };
}

/** The one key of a configuration: always there, never changing, whatever `kid` a token names. */
export function staticKeySource(key: VerificationKey): KeySource {
  const keys = Object.freeze([key]);
  return {
    version: 0,
    holds: () => true,
    refresh: () => undefined,
    find: () => keys,
    ready: () => Promise.resolve(),
    close: () => undefined,
  };
}

/** Which algorithms a configuration's keys could ever be used with, for the option `algorithms`. */
export function algorithmsOf(family: KeyFamily): Algorithm[] {
  return (Object.keys(algorithms) as Algorithm[]) // the keys of that constant table are the algorithms
    .filter((name) => algorithms[name].family === family);
}
