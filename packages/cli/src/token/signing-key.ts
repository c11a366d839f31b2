import { createPrivateKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { InputError } from '@hasura-auth/inspector/reading';

/** A key that signs tokens. */
export interface SigningKey {
  readonly alg: string;
  readonly key: KeyObject;
  /** The key's own id, if it is a JWK that has one. */
  readonly kid: string | undefined;
}

/** The least length of shared secrets in bytes (RFC 7518, section 3.2). */
const leastBytes: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };

const curves: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

/** The algorithms that a private key can sign with, the usual one first. */
function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly string[] {
  switch (asymmetricKeyType) {
    case 'rsa':
      return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
    case 'ec': {
      const alg = curves[asymmetricKeyDetails?.namedCurve ?? ''];
      return alg === undefined ? [] : [alg];
    }
    case 'ed25519':
      return ['EdDSA', 'Ed25519'];
    default:
      return [];
  }
}

function chosen(wanted: string | undefined, possible: readonly string[]): string {
  const [usual] = possible;
  if (usual === undefined)
    throw new InputError('the key is of a kind that no supported algorithm uses');
  if (wanted === undefined || possible.includes(wanted)) return wanted ?? usual;
  throw new InputError(`--alg: expected an algorithm that fits the key: ${possible.join(', ')}`);
}

function privateKey(text: string, alg: string | undefined): SigningKey {
  if (/-----BEGIN [A-Z ]*(?:PUBLIC KEY|CERTIFICATE)/.test(text))
    throw new InputError(
      'the key is a public one, which verifies tokens and cannot sign them; expected the private key',
    );
  if (/ENCRYPTED/.test(text))
    throw new InputError(
      'the private key is encrypted; decrypt it first, such as with openssl pkey',
    );
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    throw new InputError('the key begins as PEM and is no private key that can be read');
  }
  return { alg: chosen(alg, algorithmsOf(key)), key, kid: undefined };
}

function fromJwk(jwk: Readonly<Record<string, unknown>>, alg: string | undefined): SigningKey {
  const kid = typeof jwk['kid'] === 'string' ? jwk['kid'] : undefined;
  const wanted = alg ?? (typeof jwk['alg'] === 'string' ? jwk['alg'] : undefined);
  if (jwk['kty'] === 'oct' && typeof jwk['k'] === 'string')
    return { ...sharedSecret(Buffer.from(jwk['k'], 'base64url'), wanted), kid };
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' }); // Node checks every member
  } catch {
    throw new InputError('the key is JSON and no private JWK that can be read');
  }
  return { alg: chosen(wanted, algorithmsOf(key)), key, kid };
}

/** A shared secret as a key: its bytes are the secret. */
function sharedSecret(bytes: Buffer, wanted = 'HS256'): SigningKey {
  const least = leastBytes[wanted];
  if (least === undefined)
    throw new InputError(
      `--alg: expected ${Object.keys(leastBytes).join(', ')} with a shared secret; for another algorithm give a private key`,
    );
  if (bytes.length < least)
    throw new InputError(
      `a ${wanted} secret must have at least ${String(least)} bytes, and this one has ${String(bytes.length)}`,
    );
  return { alg: wanted, key: createSecretKey(bytes), kid: undefined };
}

/**
 * Reads a private key in PEM, a private JWK in JSON, or else a shared secret, which may end in one line break that is no
 * part of it. Throws an InputError, which never quotes the text.
 */
export function readSigningKey(text: string, alg: string | undefined): SigningKey {
  const trimmed = text.trim();
  if (trimmed === '') throw new InputError('the key is empty');
  if (trimmed.startsWith('-----BEGIN')) return privateKey(trimmed, alg);
  if (trimmed.startsWith('{')) {
    let jwk: unknown;
    try {
      jwk = JSON.parse(trimmed);
    } catch {
      throw new InputError('the key begins with a brace and is not JSON');
    }
    return fromJwk(jwk as Readonly<Record<string, unknown>>, alg); // what begins with a brace is an object
  }
  return sharedSecret(Buffer.from(text.replace(/\r?\n$/, '')), alg);
}
