import { createSecretKey } from 'node:crypto';
import {
  algorithms,
  goodRsaBits,
  publicKeyFacts,
  type Algorithm,
  type KeyFamily,
  type PublicKeyFacts,
} from './algorithms.js';
import { describeKey, type KeySource, type VerificationKey } from './key-source.js';
import { isEncodedPublicKey, looksLikeJwk, looksLikePem, looksLikeSshKey, readPem } from './pem.js';

/** Every `type` of a JWT configuration with a `key`, as the engine names them, in the order of its documentation. */
export const keyTypes = [
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
] as const;

/** The `type` of a JWT configuration with a `key`. */
export type KeyType = (typeof keyTypes)[number];

/** A key read from a configuration, and warnings about it for the operator. */
export interface StaticKey {
  readonly key: VerificationKey;
  readonly warnings: readonly string[];
}

/** What a configured key is judged by. */
export interface StaticKeyRules {
  /** The current time, in milliseconds since the epoch. */
  readonly now: number;
  /** The shortest RSA modulus that is accepted, in bits. */
  readonly minRsaBits: number;
}

/** Reads the HMAC secret or the PEM text of one configuration. Throws an Error whose message never quotes the text. */
export function readStaticKey(type: KeyType, text: string, rules: StaticKeyRules): StaticKey {
  return algorithms[type].family === 'hmac'
    ? readSecret(type, text)
    : readPublicKey(type, text, rules);
}

function readSecret(type: KeyType, text: string): StaticKey {
  // A client that knows a public key could sign with it as if it were the secret (RFC 8725, section 3.1).
  if (looksLikePem(text) || looksLikeJwk(text) || looksLikeSshKey(text))
    throw new Error(
      `a ${type} key is a shared secret, and this is a public key in PEM, JWK or OpenSSH form; set the type of that key (RS256, ES256, Ed25519 …)`,
    );
  const bytes = Buffer.from(text, 'utf8');
  const least = algorithms[type].secretBytes;
  if (bytes.length < least)
    throw new Error(
      `a ${type} secret must have at least ${String(least)} bytes, and this one has ${String(bytes.length)}; let the issuer sign with a longer one, such as of: openssl rand -base64 ${String(least)}`,
    );
  return {
    key: { family: 'hmac', key: createSecretKey(bytes), secretBytes: bytes.length },
    warnings: secretWarnings(type, text),
  };
}

/** The types that keys of a family are for. */
const typesOf = (family: PublicKeyFacts['family']): string =>
  keyTypes.filter((name) => algorithms[name].family === family).join(' or ');

function secretWarnings(type: KeyType, text: string): string[] {
  if (isEncodedPublicKey(text))
    return [
      `it is an encoded public key, used as a ${type} secret, so that every client that knows the public key can sign tokens; set the type of that key (RS256, ES256, Ed25519 …) and its PEM text`,
    ];
  return /^\s*https?:\/\//i.test(text)
    ? [
        `it is a URL, used as a ${type} secret, so that every client that knows the URL can sign tokens; if it is the address of a key set, set jwk_url instead of type and key`,
      ]
    : [];
}

/** ES256, ES384 and ES512 are one family here: the curve decides which of them a token may use. */
function fits(type: KeyType, family: KeyFamily): boolean {
  const named: KeyFamily = algorithms[type].family;
  return named.startsWith('p') ? family.startsWith('p') : family === named;
}

function rsaWarnings({ rsaBits }: PublicKeyFacts, minRsaBits: number): string[] {
  if (rsaBits === undefined) return [];
  if (rsaBits < minRsaBits)
    throw new Error(
      `an RSA key must have at least ${String(minRsaBits)} bits, and this one has ${String(rsaBits)}`,
    );
  return rsaBits < goodRsaBits
    ? [
        `the RSA key has ${String(rsaBits)} bits; ${String(goodRsaBits)} or more are needed to be safe`,
      ]
    : [];
}

function readPublicKey(
  type: KeyType,
  text: string,
  { now, minRsaBits }: StaticKeyRules,
): StaticKey {
  if (looksLikeJwk(text))
    throw new Error(
      'it is a JWK, and a PEM text is expected; convert it, or publish it in a key set and set jwk_url instead of type and key',
    );
  if (looksLikeSshKey(text))
    throw new Error(
      'it is a key in OpenSSH form, and a PEM text is expected; convert it with: ssh-keygen -e -m PKCS8 -f FILE',
    );
  if (isEncodedPublicKey(text))
    throw new Error('it is the base64 or hexadecimal text of a key; set the PEM text itself');
  const { key, notAfter } = readPem(text);
  const facts = publicKeyFacts(key);
  if (facts === 'malformed')
    throw new Error('it is an RSA key whose modulus or exponent is out of bounds');
  if (facts === 'kind' || !fits(type, facts.family))
    throw new Error(
      `type ${type} needs a key of its own family, and this is ${facts === 'kind' ? 'a kind of key that no algorithm uses' : `one for ${typesOf(facts.family)}`}; set the type and the key that the issuer signs with`,
    );
  const warnings = rsaWarnings(facts, minRsaBits);
  if (notAfter !== undefined && notAfter < now)
    warnings.push('the certificate has expired; its key is used all the same, as in the engine');
  return { key: { family: facts.family, key, secretBytes: 0 }, warnings };
}

/** The one key of a configuration: always available, never changing, whatever `kid` a token names. */
export function staticKeySource(key: VerificationKey): KeySource {
  const keys = Object.freeze([key]);
  return {
    version: 0,
    holds: () => true,
    find: () => keys,
    signatureFailed: () => undefined,
    describe: () => ({ address: undefined, keys: [describeKey(key, undefined)] }),
    ready: () => Promise.resolve(),
    close: () => undefined,
  };
}

/** Which algorithms the keys of a configuration could ever be used with, for the option `algorithms`. */
export function algorithmsOf(family: KeyFamily): Algorithm[] {
  return (Object.keys(algorithms) as Algorithm[]) // the keys of that constant table are the algorithms
    .filter((name) => algorithms[name].family === family);
}
