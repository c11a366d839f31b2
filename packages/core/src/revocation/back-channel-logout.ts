import { LRUCache } from 'lru-cache';
import { AuthError, ConfigError, isAuthError } from '../errors.js';
import { refuseToken } from '../jwt/decode.js';
import type { JwtConfig } from '../jwt/match-issuer.js';
import { recordOf, stringList } from '../option-checks.js';
import type { Runtime } from '../runtime.js';
import { longestValue } from './entry.js';
import { oldestLogoutMs, verifyLogoutToken, type Logout } from './logout-token.js';
import type { Revocations } from './revocations.js';

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
