import { createPublicKey, type KeyObject } from 'node:crypto';

const sequenceTag = 0x30;

interface Element {
  readonly tag: number;
  /** Where the element begins, its header included. */
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/** Reads the header of one DER element (X.690, sections 8.1 and 10.1). */
function elementAt(der: Buffer, start: number, limit: number): Element {
  const tag = der[start];
  const first = der[start + 1];
  if (tag === undefined || first === undefined) throw new Error('the DER ends early');
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4) throw new Error('the DER has a length of a bad form');
  const contentStart = start + 2 + lengthBytes;
  if (contentStart > limit) throw new Error('the DER ends early');
  const length = lengthBytes === 0 ? first : der.readUIntBE(start + 2, lengthBytes);
  const end = contentStart + length;
  if (end > limit) throw new Error('the DER ends early');
  return { tag, start, contentStart, end };
}

function sequenceAt(der: Buffer, start: number, limit: number): Element {
  const element = elementAt(der, start, limit);
  if (element.tag !== sequenceTag) throw new Error('the DER has no sequence where one must be');
  return element;
}

/**
 * The public key of a PKCS #10 certificate request (RFC 2986, section 4.1), which Node itself does not read:
 * CertificationRequest ::= { CertificationRequestInfo ::= { version, subject, subjectPKInfo, … }, … }.
 * The request's own signature proves possession to an authority; as with a bare public key, the operator vouches here.
 */
export function certificateRequestKey(der: Buffer): KeyObject {
  const request = sequenceAt(der, 0, der.length);
  const info = sequenceAt(der, request.contentStart, request.end);
  const version = elementAt(der, info.contentStart, info.end);
  const subject = sequenceAt(der, version.end, info.end);
  const publicKey = sequenceAt(der, subject.end, info.end);
  return createPublicKey({
    key: der.subarray(publicKey.start, publicKey.end),
    format: 'der',
    type: 'spki',
  });
}
