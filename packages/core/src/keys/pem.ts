import { createPublicKey, type KeyObject } from 'node:crypto';

// ── DER, the bytes of a key ──────────────────────────────────────────────────────────────────────

/** A public key, and when the certificate around it expires, in milliseconds since the epoch. */
export interface DerKey {
  readonly key: KeyObject;
  readonly notAfter?: number;
}

const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
  utcTime: 0x17,
  context0: 0xa0,
} as const;

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
  // A tag of several bytes: nothing of a key has one, and OpenSSL reads it as the short form of the same number.
  if ((tag & 0x1f) === 0x1f) throw new Error('the DER has a tag of a bad form');
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
  if (element.tag !== tags.sequence)
    throw new Error('the DER has no sequence where one is required');
  return element;
}

/**
 * Throws if a key lists the numbers of its curve itself instead of naming one. An attacker chooses such numbers so that
 * reading a single compressed point takes OpenSSL 0.2 seconds; no algorithm of JWS has a curve without a name (RFC 5480,
 * section 2.1.1, forbids them in certificates, too). AlgorithmIdentifier ::= { algorithm, parameters }: the parameters of a
 * key that is used are a name, NULL or absent. Other kinds of keys have a sequence there, and are not used.
 */
function requireNamedCurve(der: Buffer, publicKey: Element): void {
  const identifier = sequenceAt(der, publicKey.contentStart, publicKey.end);
  const algorithm = elementAt(der, identifier.contentStart, identifier.end);
  if (algorithm.end === identifier.end) return; // no parameters
  const parameters = elementAt(der, algorithm.end, identifier.end);
  if (parameters.tag !== tags.objectIdentifier && parameters.tag !== tags.null)
    throw new Error('the key lists the numbers of its curve, or is of a kind that is not used');
}

/** A public key in what an authority or an applicant has signed. */
interface SignedKey {
  readonly publicKey: Element;
  /** When a certificate is valid; a request does not say it. */
  readonly validity: Element | undefined;
}

/**
 * The public key of an X.509 certificate (RFC 5280, section 4.1: version [0] or none, serialNumber, signature, issuer,
 * validity, subject, subjectPublicKeyInfo) or of a PKCS #10 certificate request (RFC 2986, section 4.1: version, subject,
 * subjectPKInfo).
 */
function signedKey(der: Buffer): SignedKey {
  const signed = sequenceAt(der, 0, der.length);
  const info = sequenceAt(der, signed.contentStart, signed.end);
  const first = elementAt(der, info.contentStart, info.end);
  const hasVersion = first.tag === tags.context0;
  const isCertificate = hasVersion || memberTags(der, info, 4)[3] === tags.sequence;
  let at = hasVersion ? elementAt(der, first.end, info.end).end : first.end;
  const before = isCertificate ? 4 : 1;
  let validity: Element | undefined;
  for (let count = 0; count < before; count++) {
    const member = sequenceAt(der, at, info.end);
    if (count === 2) validity = member;
    at = member.end;
  }
  return { publicKey: sequenceAt(der, at, info.end), validity };
}

/** When a certificate expires, in milliseconds since the epoch; undefined if it says so in no valid form. */
function notAfterOf(der: Buffer, { contentStart, end }: Element): number | undefined {
  const notBefore = elementAt(der, contentStart, end);
  const { tag, contentStart: start, end: stop } = elementAt(der, notBefore.end, end);
  const text = der.toString('latin1', start, stop);
  // The two digits of a UTCTime stand for 1950 to 2049 (RFC 5280, section 4.1.2.5.1).
  const time =
    tag === tags.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const iso = time.replace(/^(....)(..)(..)(..)(..)(..Z)$/, '$1-$2-$3T$4:$5:$6');
  const notAfter = Date.parse(iso === time ? '' : iso); // other texts may be a date for JavaScript
  return Number.isNaN(notAfter) ? undefined : notAfter;
}

/**
 * The key of a certificate, or of a certificate request, which Node itself does not read. No signature is checked: it is an
 * authority's word, while here the operator vouches for the key, as for a bare public key. Only the bytes that were looked
 * at are passed on: `X509Certificate` reads a PEM certificate anywhere in them instead, whose key nobody has looked at.
 */
function certifiedKey(der: Buffer): DerKey {
  const { publicKey, validity } = signedKey(der);
  requireNamedCurve(der, publicKey);
  const bytes = der.subarray(publicKey.start, publicKey.end);
  const key = createPublicKey({ key: bytes, format: 'der', type: 'spki' });
  const notAfter = validity && notAfterOf(der, validity);
  return { key, ...(notAfter !== undefined && { notAfter }) };
}

/** What DER holds, by its structure alone. */
type DerKind = 'spki' | 'pkcs1' | 'certificate or request' | 'private';

/** The tags of the first members of a sequence, and whether there are more. */
function memberTags(der: Buffer, { contentStart, end }: Element, most: number): readonly number[] {
  const found: number[] = [];
  for (let at = contentStart; at < end && found.length < most;) {
    const member = elementAt(der, at, end);
    found.push(member.tag);
    at = member.end;
  }
  return found;
}

const openSshPrivate = Buffer.from('openssh-key-v1\0', 'latin1');

/**
 * What a DER text holds, by its structure; undefined if no key of a known form. Every private form begins with a version
 * number (RSA in PKCS #1, EC in SEC 1, any in PKCS #8), or has its encrypted content as an octet string.
 */
export function derKind(der: Buffer): DerKind | undefined {
  if (der.subarray(0, openSshPrivate.length).equals(openSshPrivate)) return 'private';
  let outer: Element;
  let members: readonly number[];
  try {
    outer = sequenceAt(der, 0, der.length);
    members = memberTags(der, outer, 3);
  } catch {
    return undefined;
  }
  const [first, second, third] = members;
  if (first === tags.integer && second !== undefined)
    return second === tags.integer && third === undefined && outer.end === der.length
      ? 'pkcs1'
      : 'private';
  if (first !== tags.sequence) return undefined;
  if (second === tags.octetString) return 'private';
  // A trusted certificate of OpenSSL has further data behind it.
  if (second === tags.sequence && third === tags.bitString) return 'certificate or request';
  return second === tags.bitString && third === undefined && outer.end === der.length
    ? 'spki'
    : undefined;
}

/** Reads a public key of a form that `derKind` names. Throws if the content is damaged or holds no public key. */
export function readDer(der: Buffer, kind: Exclude<DerKind, 'private'>): DerKey {
  switch (kind) {
    case 'spki':
      requireNamedCurve(der, sequenceAt(der, 0, der.length));
      return { key: createPublicKey({ key: der, format: 'der', type: kind }) };
    case 'pkcs1':
      return { key: createPublicKey({ key: der, format: 'der', type: kind }) };
    case 'certificate or request':
      return certifiedKey(der);
  }
}

// ── PEM, the text around them ────────────────────────────────────────────────────────────────────

/** A text with a private key in it. */
export class PrivateKeyError extends Error {
  override readonly name = 'PrivateKeyError';

  constructor() {
    super('it is a private key; only the public key belongs here');
  }
}

/**
 * The body may hold blanks, which base64 decoding ignores: trimming them here would cost the square of their number.
 */
const block = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;
const privateBegin = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/;
const publicLabels: ReadonlySet<string> = new Set([
  'PUBLIC KEY',
  'RSA PUBLIC KEY',
  'CERTIFICATE',
  'CERTIFICATE REQUEST',
  'NEW CERTIFICATE REQUEST',
]);
/** Of so many blocks the keys are imported by default, since a text may hold thousands. */
const mostBlocks = 4;

/** Whether a text is meant to be PEM. */
export function looksLikePem(text: string): boolean {
  return text.includes('-----BEGIN');
}

function tryToRead(der: Buffer, kind: Parameters<typeof readDer>[1]): DerKey | undefined {
  try {
    return readDer(der, kind);
  } catch {
    return undefined;
  }
}

/**
 * Reads the first public key in a PEM text: SPKI, PKCS #1, X.509 certificate or certificate request. What a block holds
 * decides, not its label, as in the engine; but a private key anywhere in the text is refused. Line breaks may be
 * written as the two characters `\n`, as environment files often have them. At most `mostImports` blocks are imported.
 * Throws an Error whose message never quotes the text.
 */
export function readPem(text: string, mostImports: number = mostBlocks): DerKey {
  const lines = text.replaceAll('\\r', '\r').replaceAll('\\n', '\n');
  let found: DerKey | undefined;
  let firstLabel: string | undefined;
  let imports = 0;
  for (const match of lines.matchAll(block)) {
    const [, label, body] = match as unknown as readonly [string, string, string]; // both groups take part in every match
    firstLabel ??= label;
    const der = Buffer.from(body, 'base64');
    const kind = derKind(der);
    if (kind === 'private' || (kind === undefined && label.includes('PRIVATE')))
      throw new PrivateKeyError();
    // The parameters of Diffie-Hellman have the form of an RSA key in PKCS #1, and are public and no key.
    if (kind === undefined || label.includes('PARAMETERS') || found !== undefined) continue;
    if (imports < mostImports) found = tryToRead(der, kind);
    imports += 1;
  }
  // What the block pattern does not match, such as a private key with the headers of its encryption.
  if (privateBegin.test(lines.replace(block, ''))) throw new PrivateKeyError();
  if (found !== undefined) return found;
  if (firstLabel === undefined)
    throw new Error('it is no PEM text (-----BEGIN … with its line breaks, base64, -----END …)');
  // Other labels are not quoted: they may be anything.
  throw new Error(
    publicLabels.has(firstLabel)
      ? `the PEM text says ${firstLabel}, but what it holds is damaged or of another kind`
      : 'the PEM text holds no public key that can be used',
  );
}

/**
 * Whether a text is a public key in base64, base64url or hexadecimal digits: its DER, a PEM text or a JWK. Such a text must
 * be no shared secret, since public keys are known to clients.
 */
export function isEncodedPublicKey(text: string): boolean {
  const compact = text.replaceAll(/\s/g, '');
  if (/^[0-9a-f]+$/i.test(compact) && isPublicKey(Buffer.from(compact, 'hex'))) return true;
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(compact) && isPublicKey(Buffer.from(compact, 'base64'));
}

function isPublicKey(bytes: Buffer): boolean {
  const kind = derKind(bytes);
  if (kind === 'private') return false;
  if (kind !== undefined) return tryToRead(bytes, kind) !== undefined;
  const decoded = bytes.toString('latin1');
  return looksLikePem(decoded) || looksLikeJwk(decoded);
}

/** Whether a text is meant to be a JSON Web Key, a set or a list of them. */
export function looksLikeJwk(text: string): boolean {
  return /^\s*[{[][^]*"kty"/.test(text);
}

/** Whether a text is a public key in the form of OpenSSH (RFC 4253, section 6.6). */
export function looksLikeSshKey(text: string): boolean {
  return /^\s*(?:ssh|ecdsa|sk)-[\w@.-]+\s+AAAA/.test(text);
}
