import { jsonType } from '../json.js';
import type { JwtClaims } from '../session.js';
import { refuseToken } from './decode.js';
import type { JwtConfig } from './jwt-config.js';

/** From when until when a token is valid, in milliseconds since the epoch, the skew included. */
export interface TokenLifetime {
  readonly validFrom: number;
  /** Infinity where the token has no `exp`. */
  readonly expiresAt: number;
}

type Payload = Readonly<Record<string, unknown>>;

/** The names that RFC 7519, section 4.1, registers. */
export const registeredClaims: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
]);

function wrongType(claim: string, expected: string, value: unknown): Error {
  return refuseToken(
    `JWTClaimsSetDecodeError "Error in $.${claim}: expected ${expected}, but encountered ${jsonType(value)}"`,
  );
}

/** A NumericDate (RFC 7519, section 2) in milliseconds; undefined where the claim is absent. */
function numericDate(payload: Payload, claim: 'exp' | 'iat' | 'nbf'): number | undefined {
  const value = payload[claim];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value * 1000;
  throw wrongType(claim, 'Number', value);
}

function isAudience(aud: unknown): aud is string | readonly string[] {
  return (
    typeof aud === 'string' || (Array.isArray(aud) && aud.every((item) => typeof item === 'string'))
  );
}

function namesAudience(aud: string | readonly string[], audiences: ReadonlySet<string>): boolean {
  return typeof aud === 'string'
    ? audiences.has(aud)
    : aud.some((audience) => audiences.has(audience));
}

function checkRequired(payload: Payload, config: JwtConfig): void {
  for (const claim of config.requiredClaims) {
    if (Object.hasOwn(payload, claim)) continue;
    if (claim === 'iss') throw refuseToken('JWTNotInIssuer');
    if (claim === 'aud') throw refuseToken('JWTNotInAudience');
    throw refuseToken(`JWTMissingClaim "${claim}"`);
  }
}

/**
 * Checks the registered claims of a payload whose signature is verified, in the engine's order: types, `exp`, `iat`,
 * `nbf`, `iss`, `aud`, then the claims that must be present. RFC 7519, section 4.1.
 */
export function checkRegisteredClaims(
  payload: Payload,
  config: JwtConfig,
  now: number,
): TokenLifetime {
  const exp = numericDate(payload, 'exp');
  const iat = numericDate(payload, 'iat');
  const nbf = numericDate(payload, 'nbf');
  const { iss, aud } = payload as JwtClaims; // read as what they should be, and checked at once
  if (iss !== undefined && typeof iss !== 'string') throw wrongType('iss', 'String', iss);
  if (aud !== undefined && !isAudience(aud)) throw wrongType('aud', 'String or Array', aud);

  const { skewMs, issuer, audiences } = config;
  const expiresAt = exp === undefined ? Infinity : exp + skewMs;
  if (now >= expiresAt) throw refuseToken('JWTExpired');
  if (iat !== undefined && iat > now + skewMs) throw refuseToken('JWTIssuedAtFuture');
  if (nbf !== undefined && now < nbf - skewMs) throw refuseToken('JWTNotYetValid');
  if (issuer !== undefined && iss !== undefined && iss !== issuer)
    throw refuseToken('JWTNotInIssuer');
  if (audiences !== undefined) {
    const inAudience = aud === undefined ? !config.requireAudience : namesAudience(aud, audiences);
    if (!inAudience) throw refuseToken('JWTNotInAudience');
  }
  checkRequired(payload, config);
  return { validFrom: Math.max(iat ?? -Infinity, nbf ?? -Infinity) - skewMs, expiresAt };
}
