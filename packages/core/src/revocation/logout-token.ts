import { TokenDecoder, refuseToken } from '../jwt/decode.js';
import { matchIssuer, type JwtConfig } from '../jwt/match-issuer.js';
import { checkRegisteredClaims, frozenClaims } from '../jwt/registered-claims.js';
import { verifySignature } from '../jwt/verify.js';
import { isRecord, type Members } from '../json.js';
import type { JwtClaims } from '../session.js';

/** The member of `events` that makes a token a logout token. */
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
/** The types that a logout token may have; providers that are older than the final specification write `JWT` or none. */
const types: ReadonlySet<unknown> = new Set([
  undefined,
  'jwt',
  'logout+jwt',
  'application/logout+jwt',
]);
/** How old a logout token may be, in milliseconds: few providers give it an `exp`. */
export const oldestLogoutMs = 3_600_000;

/** By what logout tokens are verified. */
export interface LogoutTokenRules {
  readonly configs: readonly JwtConfig[];
  /** The client ids of the app; undefined if each configuration's own audience is compared. */
  readonly audiences: ReadonlySet<string> | undefined;
  readonly now: () => number;
}

/** What a verified logout token says. At least one of `sub` and `sid` is there. */
export interface Logout {
  readonly iss: string;
  readonly sub: string | undefined;
  readonly sid: string | undefined;
  /** In seconds since the epoch. */
  readonly iat: number;
  readonly jti: string;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The type in the header of a token that was decoded: its parts are base64url of JSON objects. */
function typeOf(token: string): unknown {
  const part = token.slice(0, token.indexOf('.'));
  const { typ } = JSON.parse(Buffer.from(part, 'base64url').toString()) as Members; // decoded before
  return typeof typ === 'string' ? typ.toLowerCase() : typ;
}

/** What a payload says that is verified. Throws the AuthError that says why it is no logout token. */
function readLogout(payload: JwtClaims, now: number): Logout {
  const { iss, sub, sid, iat, jti, events } = payload;
  if (!isText(iss) || iat === undefined || !isText(jti))
    throw refuseToken('a logout token must have iss, iat and jti');
  if (!isRecord(events) || !Object.hasOwn(events, logoutEvent) || !isRecord(events[logoutEvent]))
    throw refuseToken('the token is no logout token: its events do not name a back-channel logout');
  if (Object.hasOwn(payload, 'nonce')) throw refuseToken('a logout token must not have a nonce');
  if (now - iat * 1000 > oldestLogoutMs) throw refuseToken('JWTExpired');
  const hasSid = sid !== undefined && sid !== null;
  const hasSub = sub !== undefined && sub !== null;
  if (!(hasSid || hasSub) || (hasSid && !isText(sid)) || (hasSub && !isText(sub)))
    throw refuseToken('a logout token must have sub or sid, as strings');
  return { iss, sub: sub ?? undefined, sid: hasSid ? String(sid) : undefined, iat, jti };
}

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6) by the keys and issuers of the JWT
 * configurations. Rejects with the AuthErrors `invalid-token`, `ambiguous-token` and `keys-unavailable`.
 */
export async function verifyLogoutToken(
  text: string,
  { configs, audiences, now }: LogoutTokenRules,
): Promise<Logout> {
  const token = new TokenDecoder().decode(text);
  if (!types.has(typeOf(text))) throw refuseToken('the token is no logout token: its typ differs');
  const { header } = token;
  const { config } = matchIssuer([{ token, configs }]);
  if (header.alg === 'none') throw refuseToken('JWSError JWSNoSignatures');
  const keys = await config.keys.find(header);
  const mayVerify = config.algorithms.has(header.alg);
  const key = mayVerify ? await verifySignature(keys, header.alg, token) : undefined;
  if (key === undefined) {
    if (mayVerify && keys.length > 0) config.keys.signatureFailed(header);
    throw refuseToken('JWSError JWSInvalidSignature');
  }
  const payload = frozenClaims(token.unverifiedPayload); // verified from here on
  const rules = { ...config, audiences: audiences ?? config.audiences, requireAudience: true };
  checkRegisteredClaims(payload, { ...rules, requiredClaims: ['iss', 'aud'] }, now());
  return readLogout(payload, now());
}
