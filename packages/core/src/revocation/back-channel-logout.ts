import { LRUCache } from 'lru-cache';
import { AuthError, ConfigError, isAuthError } from '../errors.js';
import { isRecord, type Members } from '../json.js';
import { refuseToken, TokenDecoder } from '../jwt/decode.js';
import { matchIssuer, type JwtConfig } from '../jwt/match-issuer.js';
import { checkRegisteredClaims, frozenClaims } from '../jwt/registered-claims.js';
import { verifySignature } from '../jwt/verify.js';
import { recordOf, stringList } from '../option-checks.js';
import type { Runtime } from '../runtime.js';
import type { JwtClaims } from '../session.js';
import type { Revocations } from './revocations.js';
import { longestValue } from './store.js';

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
const oldestLogoutMs = 3_600_000;

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
async function verifyLogoutToken(
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

/** How logout tokens of a provider are accepted. */
export interface BackChannelLogoutOptions {
  /**
   * The client ids of the app at the provider, which the `aud` of a logout token must contain one of. Default: the
   * `audience` of the JWT configuration; if one has none, this is required. For many providers the two differ: the `aud`
   * of an access token is an API.
   */
  readonly audience?: string | readonly string[] | undefined;
}

/** Accepts a logout token: revokes the tokens that it is about. Rejects with an AuthError, or with what failed. */
export type AcceptLogoutToken = (logoutToken: string) => Promise<void>;

/** How many logout tokens are remembered. To accept one again does no harm: it revokes the same tokens. */
const mostRemembered = 10_000;

/** The `jti` of each logout token that was accepted, so that it is accepted once. */
class AcceptedLogouts {
  readonly #until = new LRUCache<string, number>({ max: mostRemembered });

  /** Whether a logout is new; it is then remembered for as long as its token would be accepted. */
  begin({ iss, jti, iat }: Logout, now: number): boolean {
    const key = JSON.stringify([iss, jti]);
    const known = this.#until.peek(key);
    if (known !== undefined && known > now) return false;
    this.#until.set(key, iat * 1000 + oldestLogoutMs);
    return true;
  }

  /** The provider may send the token again: it had no effect. */
  forget({ iss, jti }: Logout): void {
    this.#until.delete(JSON.stringify([iss, jti]));
  }
}

/** What accepting logout tokens needs of an authenticator. */
export interface LogoutParts {
  /** The JWT configurations; empty in another mode. */
  readonly jwts: readonly JwtConfig[];
  readonly runtime: Pick<Runtime, 'now'>;
  readonly revocations: Pick<Revocations, 'add' | 'longestUntil' | 'reportLogout'>;
}

function audiencesOf(value: unknown, jwts: readonly JwtConfig[]): ReadonlySet<string> | undefined {
  const option = 'backChannelLogout.audience';
  if (value !== undefined)
    return new Set(stringList(typeof value === 'string' ? [value] : value, option));
  if (jwts.every(({ audiences }) => audiences !== undefined)) return undefined;
  throw new ConfigError(
    option,
    'expected the client id of the app at the provider, since the JWT configuration has no audience',
  );
}

/** Makes the function that accepts logout tokens. Throws a ConfigError. */
export function backChannelLogout(
  { jwts, runtime, revocations }: LogoutParts,
  options: BackChannelLogoutOptions,
): AcceptLogoutToken {
  const { audience } = recordOf(options, ['audience'], 'backChannelLogout');
  if (jwts.length === 0)
    throw new ConfigError('backChannelLogout', 'it needs a JWT configuration, whose keys it uses');
  const rules = { configs: jwts, audiences: audiencesOf(audience, jwts), now: runtime.now };
  const accepted = new AcceptedLogouts();

  /**
   * Revokes the tokens of the session. Those that do not name their session are revoked by the user: many providers write
   * no `sid` into access tokens.
   */
  async function revoke({ iss, sub, sid, iat }: Logout): Promise<void> {
    const until = revocations.longestUntil;
    if (sid !== undefined) await revocations.add({ by: 'sid', iss, value: sid, until });
    if (sub === undefined) return;
    const withoutSid = sid !== undefined;
    await revocations.add({ by: 'sub', iss, value: sub, before: iat, withoutSid, until });
  }

  async function verified(logoutToken: string): Promise<Logout> {
    if (typeof logoutToken !== 'string' || logoutToken === '')
      throw refuseToken('there is no logout token');
    const logout = await verifyLogoutToken(logoutToken, rules);
    const { iss, sub = '', sid = '', jti } = logout;
    if ([iss, sub, sid, jti].some(({ length }) => length > longestValue))
      throw refuseToken('a claim of the logout token is too long');
    return logout;
  }

  return async (logoutToken) => {
    let logout: Logout | undefined;
    try {
      logout = await verified(logoutToken);
      if (!accepted.begin(logout, runtime.now())) {
        logout = undefined;
        throw new AuthError('invalid-token', { detail: 'the logout token was accepted before' });
      }
      await revoke(logout);
    } catch (error) {
      if (logout !== undefined) accepted.forget(logout);
      revocations.reportLogout(isAuthError(error) ? error.reason : error);
      throw error;
    }
  };
}
