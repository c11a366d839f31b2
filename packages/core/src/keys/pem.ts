import { type KeyObject, createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyFamily } from './algorithms.js';
import { certificateRequestKey } from './certificate-request.js';

const curves: Readonly<Record<string, KeyFamily>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
};

/** Which family a public key belongs to; undefined for keys that no algorithm here can use. */
export function familyOf(key: KeyObject): KeyFamily | undefined {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return 'rsa';
    case 'ed25519':
      return 'ed25519';
    case 'ec':
      return curves[String(key.asymmetricKeyDetails?.namedCurve)];
    default:
      return undefined;
  }
}

/** The least RSA modulus, in bits: that of the key in the engine's own documentation. */
export const leastModulusBits = 1024;
/** Below this an RSA key is accepted with a warning (NIST SP 800-131A). */
export const goodModulusBits = 2048;

/** The length of an RSA modulus in bits; 0 where the key is of another family. */
export function modulusBits(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}

/** A public key read from PEM text, and when the certificate around it ends, in ms since the epoch. */
export interface PemKey {
  readonly key: KeyObject;
  readonly notAfter?: number;
}

/** Blanks are left in the body, where base64 does not mind them: trimming them here would cost the square of their number. */
const block = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/;

/** Whether a text is meant to be PEM. */
export function looksLikePem(text: string): boolean {
  return text.includes('-----BEGIN');
}

/**
 * Reads a public key as SPKI PEM, PKCS #1 PEM, X.509 certificate or certificate request. Throws an Error whose message
 * says what is wrong in words of its own; it never quotes the key.
 */
export function readPem(text: string): PemKey {
  const [, label, body] = block.exec(text) ?? [];
  if (label === undefined || body === undefined)
    throw new Error('it is no PEM text (-----BEGIN … with its line breaks, base64, -----END …)');
  const der = Buffer.from(body, 'base64');
  switch (label) {
    case 'PUBLIC KEY':
      return readOrSay(label, () => ({
        key: createPublicKey({ key: der, format: 'der', type: 'spki' }),
      }));
    case 'RSA PUBLIC KEY':
      return readOrSay(label, () => ({
        key: createPublicKey({ key: der, format: 'der', type: 'pkcs1' }),
      }));
    case 'CERTIFICATE':
      return readOrSay(label, () => {
        const certificate = new X509Certificate(der);
        return { key: certificate.publicKey, notAfter: Date.parse(certificate.validTo) };
      });
    case 'CERTIFICATE REQUEST':
    case 'NEW CERTIFICATE REQUEST':
      return readOrSay(label, () => ({ key: certificateRequestKey(der) }));
    default:
      throw new Error(
        label.includes('PRIVATE')
          ? 'it is a private key; only the public key belongs here'
          : `PEM of the kind ${label} holds no public key that can be used`,
      );
  }
}

function readOrSay(label: string, read: () => PemKey): PemKey {
  try {
    return read();
  } catch {
    throw new Error(`the PEM text says ${label}, but what it holds is damaged or of another kind`);
  }
}
