import { parse } from '@tusbar/cache-control';

/** For how long something may be used before it has to be asked for again. */
export type Freshness =
  /** So many milliseconds from now; 0 where it is stale at once. */
  | { readonly kind: 'for'; readonly ms: number }
  /** Nothing was said of it. */
  | { readonly kind: 'unsaid' }
  /** Something was said that cannot be read. */
  | { readonly kind: 'unreadable' };

/** The values of the two headers, or of members of those names; null or undefined where they are absent. */
export interface FreshnessHeaders {
  readonly cacheControl: string | null | undefined;
  readonly expires: string | null | undefined;
}

/** The first of the two directives that stands in the header, as in the engine, which asks for no other order. */
const ageDirective = /(?:^|[\s,;])((?:max-age|s-maxage)(?![\w-])(?:="[^"]*"|=[^\s",;]*)?)/i;
/** An HTTP-date with its time zone (RFC 9110, section 5.6.7), since Date.parse reads all sorts of things. */
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

/** What `Cache-Control` says (RFC 9111, section 5.2.2); undefined where it leaves the matter to `Expires`. */
function fromCacheControl(header: string): Freshness | undefined {
  const directives = parse(header);
  if (directives.noCache === true || directives.noStore === true) return { kind: 'for', ms: 0 };
  const seconds = firstAge(header);
  if (seconds === undefined)
    return directives.mustRevalidate === true ? { kind: 'for', ms: 0 } : undefined;
  return seconds === null ? unreadable : { kind: 'for', ms: seconds * 1000 };
}

function fromExpires(header: string, now: number): Freshness {
  // RFC 9111, section 5.3: a bare number, "0" above all, is a moment in the past.
  if (/^-?\d+$/.test(header)) return { kind: 'for', ms: 0 };
  const at = httpDate.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? unreadable : { kind: 'for', ms: Math.max(0, at - now) };
}

/** Reads `Cache-Control`, then `Expires`, as the engine does: `Age` is not subtracted. `now` is in ms since the epoch. */
export function freshness({ cacheControl, expires }: FreshnessHeaders, now: number): Freshness {
  const said = cacheControl ? fromCacheControl(cacheControl) : undefined;
  return said ?? (expires ? fromExpires(expires.trim(), now) : { kind: 'unsaid' });
}
