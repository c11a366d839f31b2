import { parse } from '@tusbar/cache-control';
import { firstAge } from '../freshness.js';
import { OversizedError, readBounded } from '../http-request.js';
import { isRecord, jsonType } from '../json.js';
import { quotedWord } from '../problem-log.js';
import { gatherVariables, isSessionVariable, type GatheredVariables } from '../session.js';

/** The media type in a `Content-Type` header, for a log: anything but its usual letters is left out. */
function mediaType(contentType: string | null): string {
  return /^[\w.+/-]{1,60}/.exec(contentType ?? '')?.[0] ?? 'without a type';
}

/** The body of a hook's response, read strictly. Not every hook names a role. */
export interface HookBody {
  readonly kind: 'readable';
  readonly role: string | undefined;
  /** The session variables, for one session. */
  readonly variables: GatheredVariables;
  readonly expiry: HookExpiry;
}

/** Why a body cannot be read, in words that hold no value of it. */
export interface UnreadableBody {
  readonly kind: 'unreadable';
  readonly problem: string;
}

const unreadable = (problem: string): UnreadableBody => ({ kind: 'unreadable', problem });

/** Reads the JSON of a response with status 200: an object whose members are all strings, as the engine demands. */
export function readHookBody(value: unknown, now: number): HookBody | UnreadableBody {
  if (!isRecord(value)) return unreadable(`JSON of type ${jsonType(value)}, not Object`);
  const variables = new Map<string, string>();
  const others = new Map<string, string>();
  for (const [anyCase, member] of Object.entries(value)) {
    const name = anyCase.toLowerCase();
    if (typeof member !== 'string')
      return unreadable(
        `its member ${quotedWord(name)} is of type ${jsonType(member)}, not String`,
      );
    const known = isSessionVariable(name) ? variables : others;
    if (known.has(name))
      return unreadable(`its member ${quotedWord(name)} occurs in two spellings`);
    known.set(name, member);
  }
  return {
    kind: 'readable',
    role: variables.get('x-hasura-role') || undefined,
    variables: gatherVariables(variables),
    expiry: hookExpiry(others.get('cache-control'), others.get('expires'), now),
  };
}

/** The same from the text of the response. A parser's own error is not passed on: it quotes its input. */
export function parseHookBody(text: string, now: number): HookBody | UnreadableBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(text === '' ? 'an empty body' : 'no JSON');
  }
  return readHookBody(value, now);
}

/** Until when a hook's response holds. */
export interface HookExpiry {
  /** When the session ends, in milliseconds since the epoch; undefined if the hook states no end. */
  readonly expiresAt: number | undefined;
  /** Until when the response may be kept; undefined if it may not. */
  readonly keepUntil: number | undefined;
  /** Which of the two members cannot be read; it counts as absent, as in the engine. */
  readonly unreadable: readonly ('Cache-Control' | 'Expires')[];
}

/** The one form of a date that HTTP still writes (RFC 9110, section 5.6.7), and the only one that the engine reads. */
const fixedDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Most hooks send neither member. */
const noExpiry: HookExpiry = { expiresAt: undefined, keepUntil: undefined, unreadable: [] };

function timeOf(date: string | undefined): number | undefined {
  if (date === undefined || !fixedDate.test(date)) return undefined;
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Reads the members `Cache-Control` (the first of its `max-age` and `s-maxage`) and `Expires` of a hook's response. */
export function hookExpiry(
  cacheControl: string | undefined,
  expires: string | undefined,
  now: number,
): HookExpiry {
  if (cacheControl === undefined && expires === undefined) return noExpiry;
  const { noStore, noCache } = parse(cacheControl);
  const mayKeep = noStore !== true && noCache !== true;
  const seconds = firstAge(cacheControl ?? '') ?? undefined;
  const date = timeOf(expires);
  const expiresAt = seconds === undefined ? date : now + seconds * 1000;
  const isUnreadable = {
    'Cache-Control': cacheControl !== undefined && seconds === undefined && mayKeep,
    Expires: expires !== undefined && date === undefined,
  };
  return {
    expiresAt,
    keepUntil: mayKeep ? expiresAt : undefined,
    unreadable: (['Cache-Control', 'Expires'] as const).filter((member) => isUnreadable[member]),
  };
}

/** How much of a response is read, in bytes. */
const maxBytes = 1_048_576;

/** The response of a hook, as far as it is used. */
export interface HookResponse {
  readonly status: number;
  /** The body; undefined if it is larger than allowed, or broke off under a status that needs none. */
  readonly text: string | undefined;
  /** Each `Set-Cookie` by itself, since a cookie's date may contain a comma. */
  readonly cookies: readonly string[];
  /** The status and the media type, for logs. */
  readonly shape: () => string;
}

/**
 * Reads the response of a hook. The body of a refusal is read too, so that its connection can be used again, but whatever
 * happens to it, the status is enough. Rejects with a RequestError.
 */
export function readHookResponse(response: Response): Promise<HookResponse> {
  const { status, headers } = response;
  const cookies = headers.getSetCookie();
  const shape = (): string => `${String(status)} (${mediaType(headers.get('content-type'))})`;
  const read = (text: string | undefined): HookResponse => ({ status, text, cookies, shape });
  return readBounded(response, maxBytes).then(read, (error: unknown) => {
    if (status !== 200 || error instanceof OversizedError) return read(undefined);
    throw error;
  });
}
