import { parse } from '@tusbar/cache-control';

/** How long an answer of a hook holds. */
export interface HookExpiry {
  /** When the session ends, in milliseconds since the epoch; undefined where the hook says no end. */
  readonly expiresAt: number | undefined;
  /** Until when the answer may be kept; undefined where it may not. */
  readonly keepUntil: number | undefined;
  /** Which of the two members is there and cannot be read; it is then as if it were not there, as in the engine. */
  readonly unreadable: readonly ('Cache-Control' | 'Expires')[];
}

/** The one form of a date that HTTP still writes (RFC 9110, section 5.6.7), and the only one that the engine reads. */
const fixedDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Most hooks say nothing of it. */
const unsaid: HookExpiry = { expiresAt: undefined, keepUntil: undefined, unreadable: [] };

function moment(date: string | undefined): number | undefined {
  if (date === undefined || !fixedDate.test(date)) return undefined;
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Reads the members `Cache-Control` (its `max-age`, or else `s-maxage`) and `Expires` of a hook's answer. */
export function hookExpiry(
  cacheControl: string | undefined,
  expires: string | undefined,
  now: number,
): HookExpiry {
  if (cacheControl === undefined && expires === undefined) return unsaid;
  const directives = parse(cacheControl);
  const seconds = directives.maxAge ?? directives.sharedMaxAge;
  const date = moment(expires);
  const mayKeep = directives.noStore !== true && directives.noCache !== true;
  const expiresAt = seconds === null ? date : now + seconds * 1000;
  return {
    expiresAt,
    keepUntil: mayKeep ? expiresAt : undefined,
    unreadable: [
      ...(cacheControl !== undefined && seconds === null && mayKeep
        ? (['Cache-Control'] as const)
        : []),
      ...(expires !== undefined && date === undefined ? (['Expires'] as const) : []),
    ],
  };
}
