import { isUtf8 } from 'node:buffer';
import { AuthError } from '../errors.js';
import { encountered, isRecord, type Members } from '../json.js';
import { algorithms, isAlgorithm } from '../keys/algorithms.js';
import type { KeyHint } from '../keys/key-source.js';

/** No byte of a text has such a character, and Node's decoder reads only the lower half of it. */
const wide = /[\u0100-\uffff]/;

/**
 * What the last character may be, so that no bit of it is left over, by the length of the last group (RFC 4648, section
 * 3.5).
 */
const lastOfTwo = 'AQgw';
const lastOfThree = 'AEIMQUYcgkosw048';

/**
 * Whether a text is the one strict spelling (RFC 7515, section 2) of the bytes that Node decoded it to: no padding, no
 * blanks, no stray bits. The decoder passes over what it does not know, so that fewer bytes come out, and takes `+` and
 * `/`, too. Writing the bytes as text again, to compare, would take three times as long; a test does it.
 */
export function isStrictBase64url(text: string, decodedBytes: number): boolean {
  const { length } = text;
  if (decodedBytes !== Math.floor((length * 3) / 4)) return false;
  if (text.includes('+') || text.includes('/') || wide.test(text)) return false;
  switch (length % 4) {
    case 0:
      return true;
    case 1:
      return false;
    case 2:
      return lastOfTwo.includes(text.charAt(length - 1));
    default:
      return lastOfThree.includes(text.charAt(length - 1));
  }
}

/** An ASCII text of its own: a part that is kept would keep the whole text in memory that it was cut from. */
export function detached(part: string): string {
  return Buffer.from(part, 'latin1').toString('latin1');
}

/** A token over this many characters is refused before it is parsed. */
export const longestToken = 16_384;

/**
 * What is used of a token's header. `jwk`, `jku`, `x5u` and `x5c` never are. `none` is read, and refused where the
 * signature would be verified.
 */
export type JwsHeader = KeyHint | { readonly alg: 'none'; readonly kid: string | undefined };

/** A token taken apart. Nothing of it is verified. */
export interface UnverifiedToken {
  readonly token: string;
  readonly header: JwsHeader;
  readonly unverifiedPayload: Members;
  /** The text that is signed: header and payload with their dot. */
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** A refusal in the words of the engine's JOSE library. The detail never holds a part of the token. */
export function refuseToken(detail: string): AuthError {
  return new AuthError('invalid-token', { detail });
}

/** A payload that is refused, in the words of the engine's JSON library, with the place where it went wrong. */
export function refusePayload(problem: string, claim = ''): AuthError {
  return refuseToken(
    `JWTClaimsSetDecodeError ${JSON.stringify(`Error in $${claim && `.${claim}`}: ${problem}`)}`,
  );
}

function refuseJws(problem: string): AuthError {
  return refuseToken(`JWSError (JSONDecodeError ${JSON.stringify(problem)})`);
}

/**
 * Decodes strict base64url: no padding, no blanks, no stray bits, so that one token has one spelling (RFC 7515, section
 * 2).
 */
function decodeBase64url(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (!isStrictBase64url(text, bytes.length)) throw refuseJws('Not valid base64url');
  return bytes;
}

/**
 * Where header and payload are decoded: a Buffer for each would cost 0.2 µs. Holds a part for no longer than a call.
 */
const scratch = Buffer.alloc((longestToken / 4) * 3);
/** The character to which bytes that are no UTF-8 are decoded. */
const replacement = '\ufffd';

/** The text of a part, in strict base64url; undefined if it is no UTF-8. */
function decodeText(part: string): string | undefined {
  const length = scratch.write(part, 'base64url');
  if (!isStrictBase64url(part, length)) throw refuseJws('Not valid base64url');
  const text = scratch.toString('utf8', 0, length);
  return text.includes(replacement) && !isUtf8(scratch.subarray(0, length)) ? undefined : text;
}

/** A JSON text's value; undefined, which no JSON is, if it is none. */
function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // not kept as a cause: a parser's error quotes its input
  }
}

/** Names that `crit` must not hold (RFC 7515, section 4.1.11). */
const reservedNames: ReadonlySet<unknown> = new Set([
  ...['alg', 'jku', 'jwk', 'kid', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'typ', 'cty', 'crit'],
]);

/**
 * Every extension that a signer marks as critical is refused: none is known here, unencoded payloads (RFC 7797)
 * neither.
 */
function refuseCritical(crit: unknown): AuthError {
  if (!Array.isArray(crit)) return refuseJws(encountered('NonEmpty', 'Array', crit));
  const [first] = crit as unknown[];
  if (first === undefined) return refuseJws('parsing NonEmpty failed, unexpected empty list');
  if (typeof first !== 'string') return refuseJws(encountered('Text', 'String', first));
  return refuseJws(
    reservedNames.has(first) ? 'crit key is reserved' : 'crit key is not understood',
  );
}

function decodeHeader(part: string): JwsHeader {
  const header = parseJson(decodeText(part));
  if (!isRecord(header)) throw refuseJws('protected header contains invalid JSON');
  const { alg, kid } = header;
  if (!Object.hasOwn(header, 'alg')) throw refuseJws('missing required header "alg"');
  if (typeof alg !== 'string' || (alg !== 'none' && !isAlgorithm(alg)))
    throw refuseJws(`unrecognised value; expected: ${JSON.stringify(Object.keys(algorithms))}`);
  if (kid !== undefined && typeof kid !== 'string')
    throw refuseJws(encountered('Text', 'String', kid));
  if ('crit' in header) throw refuseCritical(header['crit']);
  if ('b64' in header && header['b64'] !== true) throw refuseCritical(['b64']);
  return { alg, kid };
}

/**
 * The engine reads a token as bytes of UTF-8; what was none has become another character by the time that it is here.
 */
function notUtf8(token: string): AuthError {
  const at = token.split('.').findIndex((part) => part.includes(replacement));
  return refuseToken(
    `JWSError (CompactDecodeError Invalid text: Invalid text at part ${String(at)}: not UTF-8)`,
  );
}

function wrongNumberOfParts(parts: number): AuthError {
  return refuseToken(
    `JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got ${String(parts)})`,
  );
}

/** Takes tokens apart, and remembers the headers of those that were verified: an issuer writes few of them. */
export class TokenDecoder {
  readonly #knownHeaders = new Map<string, JwsHeader>();
  #lastKnown: JwsHeader | undefined;
  static readonly #mostHeaders = 100;

  /** Takes a compact JWS (RFC 7515, section 7.1) apart, or throws the AuthError that says what it is not. */
  decode(token: string): UnverifiedToken {
    if (token.length > longestToken)
      throw refuseToken('JWSError (CompactDecodeError Invalid text: too long)');
    const first = token.indexOf('.');
    const last = token.lastIndexOf('.');
    if (first === last || token.indexOf('.', first + 1) !== last)
      throw wrongNumberOfParts(token.split('.').length);
    if (token.includes(replacement)) throw notUtf8(token);
    const payload = decodeText(token.slice(first + 1, last));
    const header = this.#readHeader(token.slice(0, first));
    const signature = decodeBase64url(token.slice(last + 1));
    const unverifiedPayload = parseJson(payload);
    if (unverifiedPayload === undefined) throw refusePayload('not a JSON text');
    if (!isRecord(unverifiedPayload))
      throw refusePayload(encountered('JWT Claims Set', 'Object', unverifiedPayload));
    return { token, header, unverifiedPayload, signingInput: token.slice(0, last), signature };
  }

  /** Remembers the header of a verified token; the header of an unverified token is never kept. */
  remember({ token, header }: UnverifiedToken): void {
    if (header === this.#lastKnown) return;
    const headerPart = token.slice(0, token.indexOf('.'));
    if (this.#knownHeaders.has(headerPart)) return;
    if (this.#knownHeaders.size >= TokenDecoder.#mostHeaders) this.#knownHeaders.clear();
    this.#knownHeaders.set(detached(headerPart), header);
  }

  #readHeader(headerPart: string): JwsHeader {
    const known = this.#knownHeaders.get(headerPart);
    if (known === undefined) return decodeHeader(headerPart);
    this.#lastKnown = known;
    return known;
  }
}
