import { ConfigError } from '../errors.js';
import type { Members } from '../json.js';
import { TokenDecoder } from '../jwt/decode.js';
import { tokenIdentity } from '../jwt/verify.js';
import { kindOf, recordOf } from '../option-checks.js';
import { isEntryText, longestValue, type TokensRevocation } from './store.js';

/** When a revocation ends. */
interface RevocationEnd {
  /**
   * Until when the tokens are revoked, in milliseconds since the epoch. It must not be earlier than their own end. Default:
   * the `exp` of `token` with the largest `allowed_skew`; otherwise `revocations.maxTokenLifetimeMs` from now. With a webhook
   * the later one of the two, since a kept response of it may outlive the `exp`.
   */
  readonly until?: number | undefined;
}

/** Which tokens of a user or an issuer are revoked. */
interface IssuedBefore {
  /**
   * Tokens whose `iat` is less are revoked, in seconds since the epoch, and so are tokens without `iat`; a later login is
   * not. Default: now.
   */
  readonly before?: number | undefined;
}

/** The issuer whose tokens are revoked. */
interface OfIssuer {
  /** Only tokens with this `iss`. Default: tokens of any issuer. */
  readonly iss?: string | undefined;
}

/** Nothing else beside these members. */
type Only<Members> = Members & {
  readonly [
    Other in Exclude<'token' | 'jti' | 'sid' | 'sub' | 'iss' | 'before', keyof Members>
  ]?: undefined;
};

/** One token. */
interface OfToken {
  /** The token, as the client sent it, without `Bearer`. */
  readonly token: string;
}

/** The tokens with an id. */
interface OfTokenId extends OfIssuer {
  /** Their `jti`. */
  readonly jti: string;
}

/** The tokens of one login session at the provider. */
interface OfLogin extends OfIssuer {
  /** Their `sid`. */
  readonly sid: string;
}

/** The tokens of a user. */
interface OfUser extends OfIssuer, IssuedBefore {
  /** Their `sub`. */
  readonly sub: string;
}

/** All tokens of an issuer. */
interface OfWholeIssuer extends IssuedBefore {
  /** Their `iss`. */
  readonly iss: string;
}

/** What `revoke` takes: exactly one of `token`, `jti`, `sid` and `sub`, or `iss` alone. Anything else is a ConfigError. */
export type Revocation = RevocationEnd &
  (Only<OfToken> | Only<OfTokenId> | Only<OfLogin> | Only<OfUser> | Only<OfWholeIssuer>);

/** What the defaults depend on. */
export interface RevocationDefaults {
  readonly now: number;
  readonly maxTokenLifetimeMs: number;
  /**
   * The largest clock difference that a configuration tolerates, in milliseconds; undefined with a webhook, whose sessions the
   * `exp` of a token does not end.
   */
  readonly skewMs: number | undefined;
}

const selectors = ['token', 'jti', 'sid', 'sub'] as const;
const members = [...selectors, 'iss', 'before', 'until'];

function text(value: unknown, option: string): string {
  if (isEntryText(value)) return value;
  throw new ConfigError(
    option,
    `expected a non-empty string of at most ${String(longestValue)} characters, got ${kindOf(value)}`,
  );
}

function time(value: unknown, option: string, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new ConfigError(option, `expected a finite number, got ${kindOf(value)}`);
}

/** When a token ends by its own `exp`, not verified, in milliseconds since the epoch; undefined if it does not say. */
function unverifiedEnd(token: string): number | undefined {
  try {
    const { exp } = new TokenDecoder().decode(token).unverifiedPayload;
    return typeof exp === 'number' && Number.isFinite(exp * 1000) ? exp * 1000 : undefined;
  } catch {
    return undefined; // only a webhook understands it
  }
}

/** When the entry of a token ends. */
function endOf(token: string, longest: number, skewMs: number | undefined): number {
  const end = unverifiedEnd(token);
  if (end === undefined) return longest;
  return skewMs === undefined ? Math.max(end, longest) : end + skewMs;
}

function tokenOf(value: unknown): string {
  if (typeof value !== 'string' || value === '')
    throw new ConfigError('revoke.token', `expected a non-empty string, got ${kindOf(value)}`);
  if (/\s/.test(value))
    throw new ConfigError('revoke.token', 'expected the token alone, without Bearer or blanks');
  return value;
}

/** A factor that no time differs by from now, other than one in another unit. */
const otherUnit = 100;

/** Refuses a time in the unit of the other one: an entry that has ended has no effect, and one from far ahead refuses all. */
function checkUnits({ until, before }: Members, now: number): void {
  if (typeof until === 'number' && until < now / otherUnit)
    throw new ConfigError(
      'revoke.until',
      'expected milliseconds since the epoch, and this time is in 1970 or so; multiply seconds by 1000',
    );
  if (typeof before === 'number' && before > (now / 1000) * otherUnit)
    throw new ConfigError(
      'revoke.before',
      'expected seconds since the epoch, and this time is thousands of years ahead; divide milliseconds by 1000',
    );
}

/** Reads what `revoke` got, as an entry. Throws a ConfigError. */
export function entryOf(
  revocation: Revocation,
  { now, maxTokenLifetimeMs, skewMs }: RevocationDefaults,
): TokensRevocation {
  const given = recordOf(revocation, members, 'revoke');
  const present = selectors.filter((name) => given[name] !== undefined);
  const [by] = present;
  if (present.length > 1 || (by === undefined && given['iss'] === undefined))
    throw new ConfigError(
      'revoke',
      'expected exactly one of token, jti, sid and sub, or iss alone',
    );
  const forbidden =
    by === 'token' ? ['iss', 'before'] : by === 'jti' || by === 'sid' ? ['before'] : [];
  for (const name of forbidden)
    if (given[name] !== undefined)
      throw new ConfigError(`revoke.${name}`, `it cannot be combined with ${String(by)}`);
  checkUnits(given, now);
  const iss = given['iss'] === undefined ? undefined : text(given['iss'], 'revoke.iss');
  const until = (byDefault: number): number => time(given['until'], 'revoke.until', byDefault);
  const longest = now + maxTokenLifetimeMs;
  const before = time(given['before'], 'revoke.before', now / 1000);
  switch (by) {
    case 'token': {
      const token = tokenOf(given['token']);
      return { by, value: tokenIdentity(token), until: until(endOf(token, longest, skewMs)) };
    }
    case 'jti':
    case 'sid':
      return { by, iss, value: text(given[by], `revoke.${by}`), until: until(longest) };
    case 'sub':
      return { by, iss, value: text(given[by], 'revoke.sub'), before, until: until(longest) };
    default:
      return { by: 'issuer', value: text(iss, 'revoke.iss'), before, until: until(longest) };
  }
}
