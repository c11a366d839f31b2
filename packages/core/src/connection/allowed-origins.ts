import { kindOf } from '../config/check.js';
import { ConfigError } from '../errors.js';

/** Whether pages of an origin are the app's own. Told the `Origin` header as it came, `null` included. */
export type OriginCheck = (origin: string) => boolean;

/** Origins whose pages are the app's own: their exact spelling, or a function. */
export type AllowedOrigins = readonly string[] | OriginCheck;

function isOrigin(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}

/**
 * Reads an `allowedOrigins` option. A list holds origins as browsers spell them (RFC 6454, section 6.2): scheme, host,
 * and the port where it is not the scheme's own, without a slash at the end; they are compared exactly. Anything else in
 * it is a ConfigError: `*` and `null` would let every page act for its visitors. Absent, no origin is allowed.
 */
export function allowedOrigins(
  value: AllowedOrigins | undefined,
  option: string = 'allowedOrigins',
): OriginCheck {
  if (value === undefined) return () => false;
  if (typeof value === 'function') return value;
  if (!Array.isArray(value))
    throw new ConfigError(
      option,
      `expected a list of origins or a function, and this is ${kindOf(value)}`,
    );
  const stranger = value.findIndex((origin) => !isOrigin(origin));
  if (stranger >= 0)
    throw new ConfigError(
      `${option}[${String(stranger)}]`,
      'expected an origin as browsers spell it, as https://app.example.com, without a path or a slash at the end',
    );
  const origins = new Set<string>(value);
  return (origin) => origins.has(origin);
}
