import { parse } from '@tusbar/cache-control';
import { isRecord, jsonType } from '../json.js';
import {
  gatherVariables,
  isSessionVariable,
  type GatheredVariables,
} from '../session-variables.js';
import { OversizedError, readBounded } from '../http-request.js';
import type { Decision } from '../session.js';

/** What a hook says of a request, read strictly. Not every hook says a role. */
export interface HookAnswer {
  readonly kind: 'answer';
  readonly role: string | undefined;
  /** The session variables, for one session. */
  readonly variables: GatheredVariables;
  readonly expiry: HookExpiry;
}

/** Why an answer cannot be read, in words that hold no value of it. */
export interface UnreadableAnswer {
  readonly kind: 'unreadable';
  readonly problem: string;
}

const unreadable = (problem: string): UnreadableAnswer => ({ kind: 'unreadable', problem });

/** Reads what a hook answered with status 200: an object whose members are all strings, as the engine demands. */
export function readHookAnswer(value: unknown, now: number): HookAnswer | UnreadableAnswer {
  if (!isRecord(value)) return unreadable(`JSON, but of type ${jsonType(value)}, not Object`);
  const variables = new Map<string, string>();
  const lifetime = new Map<string, string>();
  for (const [anyCase, member] of Object.entries(value)) {
    const name = anyCase.toLowerCase();
    if (typeof member !== 'string')
      return unreadable(
        `its member ${JSON.stringify(name)} is of type ${jsonType(member)}, not String`,
      );
    const known = isSessionVariable(name) ? variables : lifetime;
    if (known.has(name))
      return unreadable(`its member ${JSON.stringify(name)} is there in two spellings`);
    known.set(name, member);
  }
  const expiry = hookExpiry(lifetime.get('cache-control'), lifetime.get('expires'), now);
  return {
    kind: 'answer',
    role: variables.get('x-hasura-role') || undefined,
    variables: gatherVariables(variables),
    expiry,
  };
}

/** The same from the answer's text. A parser's own error is not passed on: it quotes its input. */
export function parseHookAnswer(text: string, now: number): HookAnswer | UnreadableAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(text === '' ? 'an empty body' : 'no JSON');
  }
  return readHookAnswer(value, now);
}

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

/** What a hook's answer is read up to, in bytes. */
const maxBytes = 1_048_576;

/** What came back from a hook, as far as it matters. */
export interface HookReply {
  readonly status: number;
  /** The body; undefined where it is larger than it may be, or broke off under a status that had said enough. */
  readonly text: string | undefined;
  /** Its cookies, as response headers to pass on: one for each, since a comma may stand in a cookie's date. */
  readonly cookies: Decision['headers'];
  /** The status and the kind of the body, for logs. */
  shape(): string;
}

const noCookies: Decision['headers'] = Object.freeze([]);

function cookiesOf(response: Response): Decision['headers'] {
  const cookies = response.headers.getSetCookie();
  if (cookies.length === 0) return noCookies;
  return Object.freeze(cookies.map((cookie) => Object.freeze(['Set-Cookie', cookie] as const)));
}

/** The media type is for people to read: anything but its usual letters is left out. */
function shapeOf({ status, headers }: Response): string {
  const kind = /^[\w.+/-]{1,80}/.exec(headers.get('content-type') ?? '')?.[0] ?? 'without a type';
  return `${String(status)} (${kind})`;
}

/**
 * Reads an answer. The body of a refusal is read too, so that its connection can be used again, but whatever becomes of
 * it, its status has said enough.
 */
export function readReply(response: Response): Promise<HookReply> {
  const { status } = response;
  const cookies = cookiesOf(response);
  const shape = (): string => shapeOf(response);
  const read = (text: string | undefined): HookReply => ({ status, text, cookies, shape });
  return readBounded(response, maxBytes).then(read, (error: unknown) => {
    if (status !== 200 || error instanceof OversizedError) return read(undefined);
    throw error;
  });
}
