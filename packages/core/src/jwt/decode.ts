import { isUtf8 } from 'node:buffer';
import { AuthError } from '../errors.js';
import { isRecord } from '../json.js';
import { isAlgorithm, type Algorithm } from '../keys/algorithms.js';

/** No byte of a text has such a character, and Node's decoder reads only the lower half of it. */
const wide = /[\u0100-\uffff]/;

/** What the last character may be, so that no bit of it is left over, by the length of the last group (RFC 4648, section 3.5). */
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

/** What is used of a token's header. `jwk`, `jku`, `x5u` and `x5c` never are. */
export interface TokenHeader {
  readonly alg: Algorithm;
  readonly kid: string | undefined;
}

/** A token taken apart. Nothing of it is verified. */
export interface UnverifiedToken {
  readonly token: string;
  readonly header: TokenHeader;
  readonly unverifiedPayload: Readonly<Record<string, unknown>>;
  /** The text that is signed: header and payload with their dot. */
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** A refusal with the words of the engine's JOSE library. The detail never holds a part of the token. */
export function refuseToken(detail: string): AuthError {
  return new AuthError('invalid-token', { detail });
}

function notBase64url(): AuthError {
  return refuseToken('JWSError (CompactDecodeError Invalid text: not base64url)');
}

/** Decodes strict base64url: no padding, no blanks, no stray bits, so that one token has one spelling (RFC 7515, section 2). */
function decodeBase64url(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (!isStrictBase64url(text, bytes.length)) throw notBase64url();
  return bytes;
}

/** Where header and payload are decoded: a Buffer for each would cost 0.2 µs. Holds a part for no longer than a call. */
const scratch = Buffer.alloc((longestToken / 4) * 3);
/** What stands in a decoded text for bytes that are no UTF-8. */
const replacement = '\ufffd';

/** The text of a part, in strict base64url; undefined where it is no UTF-8. */
function decodeText(part: string): string | undefined {
  const length = scratch.write(part, 'base64url');
  if (!isStrictBase64url(part, length)) throw notBase64url();
  const text = scratch.toString('utf8', 0, length);
  return text.includes(replacement) && !isUtf8(scratch.subarray(0, length)) ? undefined : text;
}

/** The JSON object of a part; undefined where it is anything else. */
function decodeObject(part: string): Readonly<Record<string, unknown>> | undefined {
  const text = decodeText(part);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // not kept as a cause: a parser's error quotes its input
  }
}

function decodeHeader(part: string): TokenHeader {
  const header = decodeObject(part);
  if (header === undefined)
    throw refuseToken('JWSError (JSONDecodeError "Error in $: expected a JSON object")');
  const { alg, kid } = header;
  if (typeof alg !== 'string')
    throw refuseToken('JWSError (JSONDecodeError "Error in $.alg: expected a string")');
  if (kid !== undefined && typeof kid !== 'string')
    throw refuseToken('JWSError (JSONDecodeError "Error in $.kid: expected a string")');
  // Extensions that a signer marks as critical are not known here, unencoded payloads (RFC 7797) among them.
  if ('crit' in header || ('b64' in header && header['b64'] !== true))
    throw refuseToken('JWSError JWSCritUnprotected');
  if (!isAlgorithm(alg)) throw refuseToken('JWSError AlgorithmNotImplemented');
  return { alg, kid };
}

function wrongNumberOfParts(parts: number): AuthError {
  return refuseToken(
    `JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got ${String(parts)})`,
  );
}

/** Takes tokens apart, and remembers the headers of those that were verified: an issuer writes few of them. */
export class TokenDecoder {
  readonly #knownHeaders = new Map<string, TokenHeader>();
  #lastKnown: TokenHeader | undefined;
  static readonly #mostHeaders = 100;

  /** Takes a compact JWS (RFC 7515, section 7.1) apart, or throws the AuthError that says what it is not. */
  decode(token: string): UnverifiedToken {
    if (token.length > longestToken)
      throw refuseToken('JWSError (CompactDecodeError Invalid text: too long)');
    const first = token.indexOf('.');
    const last = token.lastIndexOf('.');
    if (first === last || token.indexOf('.', first + 1) !== last)
      throw wrongNumberOfParts(token.split('.').length);
    const header = this.#readHeader(token.slice(0, first));
    const unverifiedPayload = decodeObject(token.slice(first + 1, last));
    if (unverifiedPayload === undefined)
      throw refuseToken('JWTClaimsSetDecodeError "Error in $: expected a JSON object"');
    return {
      token,
      header,
      unverifiedPayload,
      signingInput: token.slice(0, last),
      signature: decodeBase64url(token.slice(last + 1)),
    };
  }

  /** Remembers the header of a verified token; strangers' headers are never kept. */
  remember({ token, header }: UnverifiedToken): void {
    if (header === this.#lastKnown) return;
    const headerPart = token.slice(0, token.indexOf('.'));
    if (this.#knownHeaders.has(headerPart)) return;
    if (this.#knownHeaders.size >= TokenDecoder.#mostHeaders) this.#knownHeaders.clear();
    this.#knownHeaders.set(detached(headerPart), header);
  }

  #readHeader(headerPart: string): TokenHeader {
    const known = this.#knownHeaders.get(headerPart);
    if (known === undefined) return decodeHeader(headerPart);
    this.#lastKnown = known;
    return known;
  }
}
