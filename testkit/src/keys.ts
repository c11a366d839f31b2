import { readFileSync } from 'node:fs';
import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A throw-away test key in the spellings that configurations use: PEM texts and JWKs, or a secret. */
export interface TestKey {
  readonly privateJwk?: JsonWebKey;
  readonly publicJwk?: JsonWebKey;
  readonly secret?: string;
  readonly spki?: string;
  readonly pkcs1?: string;
  readonly x509?: string;
  readonly csr?: string;
}

const read = (path: string): Record<string, TestKey> =>
  JSON.parse(readFileSync(new URL(`../vectors/${path}`, import.meta.url), 'utf8')) as Record<
    string,
    TestKey
  >;
const keys = new Map(Object.entries({ ...read('keys.json'), ...read('own-keys.json') }));

/** The key of that name, from the shared rows' keys or our own. */
export function testKey(name: string): TestKey {
  const key = keys.get(name);
  if (!key) throw new Error(`No test key is named ${name}`);
  return key;
}

/** `rsa.spki`: the member `spki` of the key `rsa`. */
export function keyMember(path: string): string | JsonWebKey {
  const [name = '', member = ''] = path.split('.');
  const value = new Map(Object.entries(testKey(name))).get(member) as
    string | JsonWebKey | undefined;
  if (value === undefined) throw new Error(`No test key has ${path}`);
  return value;
}

const privateKeys = new Map<string, KeyObject>();

/** The private half, for signing and for rows that configure it by mistake. */
export function privateKey(name: string): KeyObject {
  const { privateJwk } = testKey(name);
  if (!privateJwk) throw new Error(`${name} has no private half`);
  const key = privateKeys.get(name) ?? createPrivateKey({ key: privateJwk, format: 'jwk' });
  privateKeys.set(name, key);
  return key;
}

/** `rsa.pkcs8`, `rsa.pkcs1`, `p256.sec1`: the private key of that name as PEM. */
export function privatePem(path: string): string {
  const [name = '', type] = path.split('.');
  if (type !== 'pkcs1' && type !== 'pkcs8' && type !== 'sec1')
    throw new Error(`${path}: not a PEM type`);
  return privateKey(name).export({ format: 'pem', type }).toString();
}

/** The secret that an HS* token is signed with: the text of a member where the name has a dot (algorithm confusion). */
export function hmacSecret(name: string): Buffer {
  const text = name.includes('.') ? keyMember(name) : testKey(name).secret;
  if (typeof text !== 'string') throw new Error(`${name} is no text to sign with`);
  return Buffer.from(text);
}
