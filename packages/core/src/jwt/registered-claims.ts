import { deepFreeze, encountered, type Members } from '../json.js';
import type { JwtClaims } from '../session.js';
import { refusePayload, refuseToken } from './decode.js';
import type { JwtConfig } from './match-issuer.js';

/** From when until when a token is valid, in milliseconds since the epoch, the skew included. */
export interface TokenLifetime {
  readonly validFrom: number;
  /** Infinity if the token has no `exp`. */
  readonly expiresAt: number;
}

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

/** A NumericDate (RFC 7519, section 2) in milliseconds; undefined if the claim is absent. */
function numericDate(payload: Members, claim: 'exp' | 'iat' | 'nbf'): number | undefined {
  const value = payload[claim];
  if (value === undefined) return undefined;
  if (typeof value !== 'number')
    throw refusePayload(encountered('NumericDate', 'Number', value), claim);
  if (Number.isFinite(value)) return value * 1000;
  throw refusePayload('parsing NumericDate failed, expected a finite Number', claim);
}

/** Characters of a URI (RFC 3986, section 2), some of them in each of its parts. */
const some = (more: string): string => {
  const plain = `[A-Za-z0-9._~!$&'()*+,;=${more}-]*`;
  return `${plain}(?:%[0-9A-Fa-f]{2}${plain})*`;
};
const authority = `(?:${some(':')}@)?(?:\\[(?:v[0-9A-Fa-f]+\\.[\\w.~!$&'()*+,;=:-]+|[0-9A-Fa-f:.]+)\\]|${some('')})(?::[0-9]*)?`;
const path = some(':@/');
/** A URI with its scheme (RFC 3986, appendix A). A path without authority does not begin with two slashes. */
const uri = new RegExp(
  `^[A-Za-z][A-Za-z0-9+.-]*:(?://${authority}(?:/${path})?|(?!//)${path})(?:\\?${some(':@/?')})?(?:#${some(':@/?')})?$`,
);

/** A StringOrURI (RFC 7519, section 2): a text with a colon must be a URI. */
function stringOrUri(value: unknown, claim: 'iss' | 'sub' | 'aud'): string {
  if (typeof value !== 'string')
    throw refusePayload(encountered('StringOrURI', 'String', value), claim);
  if (value.includes(':') && !uri.test(value))
    throw refusePayload('failed to parse StringOrURI', claim);
  return value;
}

/** One audience or a list. Of a list with anything else in it the engine says that it is no text. */
function checkAudience(aud: unknown): asserts aud is string | readonly string[] | undefined {
  if (aud === undefined) return;
  const isText = (item: unknown): boolean =>
    typeof item === 'string' && (!item.includes(':') || uri.test(item));
  if (!Array.isArray(aud) || !aud.every(isText)) stringOrUri(aud, 'aud');
}

function namesAudience(aud: string | readonly string[], audiences: ReadonlySet<string>): boolean {
  return typeof aud === 'string'
    ? audiences.has(aud)
    : aud.some((audience) => audiences.has(audience));
}

/** To the engine every claim that is null is absent; here the claims that decide must have their types. */
function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function checkRequired(payload: Members, { requiredClaims }: JwtConfig): void {
  for (const claim of requiredClaims) {
    const value = payload[claim];
    const namesNone = Array.isArray(value) && value.length === 0; // an empty audience
    if (!isAbsent(value) && !namesNone) continue;
    if (claim === 'iss') throw refuseToken('JWTNotInIssuer');
    if (claim === 'aud') throw refuseToken('JWTNotInAudience');
    throw refuseToken(`JWTMissingClaim "${claim}"`);
  }
}

/** How many levels of lists and objects a payload may nest. */
const mostLevels = 100;

/** The claims of a payload whose signature is verified, deeply frozen; their types are checked next. */
export function frozenClaims(payload: Members): JwtClaims {
  if (!deepFreeze(payload, mostLevels))
    throw refusePayload(`lists and objects are nested deeper than ${String(mostLevels)}`);
  return payload as JwtClaims; // JSON; the types of the registered claims are checked by `checkRegisteredClaims`
}

/**
 * Checks the registered claims of a payload whose signature is verified, in the engine's order: types, `exp`, `iat`,
 * `nbf`, `iss`, `aud`, then the claims that must be present. RFC 7519, section 4.1.
 */
export function checkRegisteredClaims(
  payload: Members,
  config: JwtConfig,
  now: number,
): TokenLifetime {
  const { iss, sub, aud, jti } = payload;
  if (iss !== undefined) stringOrUri(iss, 'iss');
  if (!isAbsent(sub)) stringOrUri(sub, 'sub');
  checkAudience(aud);
  const exp = numericDate(payload, 'exp');
  const nbf = numericDate(payload, 'nbf');
  const iat = numericDate(payload, 'iat');
  if (!isAbsent(jti) && typeof jti !== 'string')
    throw refusePayload(encountered('Text', 'String', jti), 'jti');

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
