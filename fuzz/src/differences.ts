/** A library that also says whether a token is good. */
export type Peer = 'jose' | 'jsonwebtoken' | 'fast-jwt';

/** What is known of a token that one library accepts and another rejects. */
export interface Judged {
  readonly peer: Peer;
  readonly token: string;
  /** Whether we accept the token; the peer says the opposite. */
  readonly accepted: boolean;
  /** Our reason; undefined if we accept. */
  readonly reason: string | undefined;
  readonly header: Readonly<Record<string, unknown>> | undefined;
  readonly payload: Readonly<Record<string, unknown>> | undefined;
}

/** One reason for which libraries differ, so that a difference without a row here is a finding. */
export interface Difference {
  readonly id: string;
  readonly peers: readonly Peer[];
  readonly why: string;
  applies(judged: Judged): boolean;
}

const rejected =
  (reason: RegExp) =>
  (judged: Judged): boolean =>
    !judged.accepted && reason.test(judged.reason ?? '');
const has =
  (name: string) =>
  (judged: Judged): boolean =>
    judged.header !== undefined && Object.hasOwn(judged.header, name);

/** Every known difference with its reason. */
export const differences: readonly Difference[] = [
  {
    id: 'strict base64url',
    peers: ['jsonwebtoken', 'fast-jwt', 'jose'],
    why: 'RFC 7515, section 2: one token has one spelling; others pass over characters that do not belong to base64url, padding and stray bits',
    applies: rejected(/Not valid base64url/),
  },
  {
    id: 'two valid forms of an ECDSA signature',
    peers: ['jsonwebtoken', 'fast-jwt'],
    why: 'both (r, s) and (r, n - s) are valid; a library that converts to DER may reject one of a bad form',
    applies: ({ accepted, header }) => accepted && /^ES/.test(String(header?.['alg'])),
  },
  {
    id: 'claims that have the wrong type',
    peers: ['jose', 'jsonwebtoken', 'fast-jwt'],
    why: 'the engine reads sub, jti, iss and aud by their types; other libraries pass them on',
    applies: rejected(/JWTClaimsSetDecodeError/),
  },
  {
    id: 'issued in the future',
    peers: ['jose', 'jsonwebtoken', 'fast-jwt'],
    why: 'the engine rejects an iat in the future; RFC 7519, section 4.1.6, does not ask for it',
    applies: rejected(/JWTIssuedAtFuture/),
  },
  {
    id: 'crit',
    peers: ['jsonwebtoken', 'fast-jwt', 'jose'],
    why: 'RFC 7515, section 4.1.11: an extension that is marked as critical and not known is rejected; b64 (RFC 7797) is known to jose',
    applies: (judged) => !judged.accepted && (has('crit')(judged) || has('b64')(judged)),
  },
  {
    id: 'kid of a wrong type',
    peers: ['jose', 'jsonwebtoken', 'fast-jwt'],
    why: 'kid is a string (RFC 7515, section 4.1.4), also if one key is configured that needs no name',
    applies: (judged) =>
      !judged.accepted && has('kid')(judged) && typeof judged.header?.['kid'] !== 'string',
  },
  {
    id: 'typ',
    peers: ['fast-jwt', 'jose', 'jsonwebtoken'],
    why: 'the engine does not look at typ; fast-jwt takes JWT only',
    applies: (judged) => judged.accepted && has('typ')(judged),
  },
  {
    id: 'length of the token',
    peers: ['jose', 'jsonwebtoken', 'fast-jwt'],
    why: 'a token over 16 KiB is rejected unread',
    applies: ({ accepted, token }) => !accepted && token.length > 16_384,
  },
  {
    id: 'depth of the payload',
    peers: ['jose', 'jsonwebtoken', 'fast-jwt'],
    why: 'a payload nested deeper than 100 is rejected, since handlers write it as JSON',
    applies: rejected(/nested/),
  },
];
