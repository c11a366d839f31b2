import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { certificateRequestKey } from './certificate-request.js';

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
