import { OversizedError, readBounded } from '../bounded-body.js';
import type { Decision } from '../session.js';

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
 * Whether an answer says how long it is and that is little. HTTP ends a body there (RFC 9112, section 6.3), so that
 * nothing needs to be counted; a compressed one is longer than it says.
 */
function isShort({ headers }: Response): boolean {
  const length = headers.get('content-length');
  return length !== null && Number(length) <= maxBytes && headers.get('content-encoding') === null;
}

const textOf = (response: Response): Promise<string> =>
  isShort(response) ? response.text() : readBounded(response, maxBytes);

/**
 * Reads an answer. The body of a refusal is read too, so that its connection can be used again, but whatever becomes of
 * it, its status has said enough.
 */
export function readReply(response: Response): Promise<HookReply> {
  const { status } = response;
  const cookies = cookiesOf(response);
  const shape = (): string => shapeOf(response);
  const read = (text: string | undefined): HookReply => ({ status, text, cookies, shape });
  return textOf(response).then(read, (error: unknown) => {
    if (status !== 200 || error instanceof OversizedError) return read(undefined);
    throw error;
  });
}
