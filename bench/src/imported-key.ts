import type { webcrypto } from 'node:crypto';
import { importJWK } from 'jose';
import type { BenchKey } from './tokens.js';

/** The key as jose likes it best: a CryptoKey, imported once. */
export async function importedKey(key: BenchKey): Promise<webcrypto.CryptoKey | Uint8Array> {
  if (key.alg !== 'HS256') return importJWK(key.jwk, key.alg);
  return crypto.subtle.importKey(
    'raw',
    Buffer.from(key.text),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
}
