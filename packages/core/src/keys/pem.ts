import { derKind, readDer, type DerKey } from './der.js';

/** A text with a private key in it. */
export class PrivateKeyError extends Error {
  override readonly name = 'PrivateKeyError';

  constructor() {
    super('it is a private key; only the public key belongs here');
  }
}

/** The body may hold blanks, which base64 decoding ignores: trimming them here would cost the square of their number. */
const block = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;
const privateBegin = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/;
const publicLabels: ReadonlySet<string> = new Set([
  'PUBLIC KEY',
  'RSA PUBLIC KEY',
  'CERTIFICATE',
  'CERTIFICATE REQUEST',
  'NEW CERTIFICATE REQUEST',
]);
/** Of so many blocks the keys are imported at most, since a text may hold thousands. */
const mostImports = 4;

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
 * decides, not its label, as in the engine; but a private key anywhere in the text is refused. Line breaks may be written
 * as the two characters `\n`, as environment files often have them. Throws an Error whose message never quotes the text.
 */
export function readPem(text: string): DerKey {
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
 * Whether a text is a public key in base64 or base64url: its DER, a PEM text or a JWK. Such a text must be no shared
 * secret, since public keys are known to clients.
 */
export function isPublicKeyInBase64(text: string): boolean {
  const compact = text.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(compact)) return false;
  const bytes = Buffer.from(compact, 'base64');
  const kind = derKind(bytes);
  if (kind === 'private') return false;
  if (kind !== undefined) return tryToRead(bytes, kind) !== undefined;
  const decoded = bytes.toString('latin1');
  return looksLikePem(decoded) || looksLikeJwk(decoded);
}

/** Whether a text is meant to be a JSON Web Key or a set of them. */
export function looksLikeJwk(text: string): boolean {
  return /^\s*\{[^]*"kty"/.test(text);
}
