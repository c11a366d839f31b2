import { parse } from '@tusbar/cache-control';

/** How long a response may be used before it has to be fetched again. */
export type Freshness =
  /** So many milliseconds from now; 0 if it is stale at once. */
  | { readonly kind: 'for'; readonly ms: number }
  /** No header says how long. */
  | { readonly kind: 'absent' }
  /** A header is present, but cannot be read. */
  | { readonly kind: 'unreadable' };

/** The values of the two headers, or of members of those names; null or undefined if they are absent. */
export interface FreshnessHeaders {
  readonly cacheControl: string | null | undefined;
  readonly expires: string | null | undefined;
}

/** The first of the two directives in the header, as the engine reads it, whichever of them that is. */
const ageDirective = /(?:^|[\s,;])((?:max-age|s-maxage)(?![\w-])(?:="[^"]*"|=[^\s",;]*)?)/i;
/** An HTTP-date with its time zone (RFC 9110, section 5.6.7), since Date.parse accepts many other texts. */
const httpDate = /^[A-Z][a-z]+, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/;

const unreadable: Freshness = { kind: 'unreadable' };

/**
 * The number of seconds in the first of `max-age` and `s-maxage`; null if it is no number, undefined if the header has
 * neither.
 */
export function firstAge(cacheControl: string): number | null | undefined {
  const [, directive] = ageDirective.exec(cacheControl) ?? [];
  if (directive === undefined) return undefined;
  const { maxAge, sharedMaxAge } = parse(directive);
  return maxAge ?? sharedMaxAge;
}

/** Reads `Cache-Control` (RFC 9111, section 5.2.2); undefined if it leaves the decision to `Expires`. */
function fromCacheControl(header: string): Freshness | undefined {
  const directives = parse(header);
  if (directives.noCache === true || directives.noStore === true) return { kind: 'for', ms: 0 };
  const seconds = firstAge(header);
  if (seconds === undefined)
    return directives.mustRevalidate === true ? { kind: 'for', ms: 0 } : undefined;
  return seconds === null ? unreadable : { kind: 'for', ms: seconds * 1000 };
}

function fromExpires(header: string, now: number): Freshness {
  // RFC 9111, section 5.3: a bare number, "0" above all, is a time in the past.
  if (/^-?\d+$/.test(header)) return { kind: 'for', ms: 0 };
  const at = httpDate.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? unreadable : { kind: 'for', ms: Math.max(0, at - now) };
}

/**
 * Reads `Cache-Control`, then `Expires`, as the engine does: `Age` is not subtracted.
 *
 * @param now - the current time, in milliseconds since the epoch; `Expires` is compared with it
 */
export function freshness({ cacheControl, expires }: FreshnessHeaders, now: number): Freshness {
  const decided = cacheControl ? fromCacheControl(cacheControl) : undefined;
  return decided ?? (expires ? fromExpires(expires.trim(), now) : { kind: 'absent' });
}
