import { unescape } from 'node:querystring';
import { URL } from 'node:url';
import { freshness, type Freshness } from '../freshness.js';
import {
  discardBody,
  readBounded,
  sendRequest,
  StatusError,
  withDeadline,
} from '../http-request.js';
import type { Runtime } from '../runtime.js';

/** Where a key set is published, taken apart at start. */
export interface KeySetAddress {
  /** What is fetched; without credentials, which `fetch` refuses in an address. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly origin: string;
  /** For logs and errors: without credentials and query, which may be secret. */
  readonly shown: string;
}

/** Reads an http or https address. Credentials in it are sent as RFC 7617 says, as the engine does. */
export function keySetAddress(address: string): KeySetAddress {
  const url = new URL(address);
  const { username, password, origin, pathname } = url;
  url.username = '';
  url.password = '';
  const headers: Record<string, string> = {
    accept: 'application/json, application/jwk-set+json',
    // Fetches are minutes apart: by then the provider may be closing the connection, and the fetch would fail.
    connection: 'close',
  };
  if (username !== '' || password !== '') {
    const credentials = Buffer.from(`${unescape(username)}:${unescape(password)}`);
    headers['authorization'] = `Basic ${credentials.toString('base64')}`;
  }
  return { url: url.href, headers, origin, shown: origin + pathname };
}

/** What a provider sent: JSON of any kind, and how long it is fresh. */
export interface DownloadedKeySet {
  readonly json: unknown;
  readonly freshness: Freshness;
}

export interface DownloadBounds {
  /** How long a download may take, the body included, in milliseconds. */
  readonly timeoutMs: number;
  /** How large a key set may be, in bytes. */
  readonly maxBytes: number;
}

/** The response to one request, if its status is 2xx. */
async function request(
  { url, headers }: KeySetAddress,
  fetch: Runtime['fetch'],
  signal: AbortSignal,
): Promise<Response> {
  const response = await sendRequest(fetch, { url, method: 'GET', headers }, signal);
  const { ok, status, type } = response;
  if (ok) return response;
  await discardBody(response);
  if (type === 'opaqueredirect' || (status >= 300 && status < 400))
    throw new StatusError(status, 'the response is a redirect, which is not followed');
  throw new StatusError(status);
}

/**
 * What JSON of a key set may hold, since parsing depends on that more than on its length: 1 MiB of empty objects or of
 * nested lists takes `JSON.parse` hundreds of milliseconds, in which the event loop stands still.
 */
export interface JsonBounds {
  /** How deep lists and objects are nested. */
  readonly depth: number;
  /** How many members an object has. */
  readonly members: number;
  /** How many lists and objects there are. */
  readonly containers: number;
  /** How many values there are in all; an empty list or object counts twice. */
  readonly values: number;
}

/** Bounds for a key set of so many bytes, which one of the smallest real keys, one after another, stays within. */
export function keySetBounds(maxBytes: number): JsonBounds {
  return { depth: 16, members: 2000, containers: maxBytes / 32, values: maxBytes / 16 };
}

/** Where a string ends whose opening quote is at `start`: the place of its closing quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/**
 * Whether JSON stays within bounds, by its punctuation outside strings; what is no JSON may give either result. Takes
 * about 5 ms for 1 MiB, and stops at the first bound that is exceeded.
 */
export function isWithin(bounds: JsonBounds, text: string): boolean {
  const members = [0];
  let containers = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case '[':
      case '{':
        containers += 1;
        values += 1;
        members.push(0);
        break;
      case ']':
      case '}':
        members.pop();
        break;
      case ':': {
        const count = (members.pop() ?? 0) + 1;
        if (count > bounds.members) return false;
        members.push(count);
        break;
      }
      case ',':
        values += 1;
        break;
      default:
        continue;
    }
    if (values > bounds.values || containers > bounds.containers) return false;
    if (members.length - 1 > bounds.depth) return false;
  }
  return true;
}

function parseJson(text: string, maxBytes: number): unknown {
  if (!isWithin(keySetBounds(maxBytes), text))
    throw new Error('the response has more values, or nests them deeper, than a key set does');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the response is not JSON'); // without the parser's own error, which quotes its input
  }
}

/**
 * Fetches a key set once, bounded in time, the body included, and in bytes. Redirects are not followed, since the operator
 * trusts the one address in the configuration. The content type is ignored: some providers send JSON as text. Rejects with
 * an Error whose message is safe to log: it quotes neither the response nor the address. If `closing` is aborted, it
 * rejects with the reason of that. The status of a response with 2xx is written to `seen`; that of any other is in the
 * StatusError.
 *
 * A connection under way keeps the process alive until it is answered or aborted, so for `timeoutMs` at most: Node's
 * `fetch` has no way to unreference it. Our timers never do, and no connection is kept for the next fetch.
 */
export function downloadKeySet(
  address: KeySetAddress,
  { timeoutMs, maxBytes }: DownloadBounds,
  { fetch, now, setTimeout }: Runtime,
  closing: AbortSignal,
  seen?: { status: number | undefined },
): Promise<DownloadedKeySet> {
  return withDeadline(timeoutMs, setTimeout, async (late) => {
    const response = await request(address, fetch, AbortSignal.any([late, closing]));
    const { headers } = response;
    if (seen !== undefined) seen.status = response.status;
    const json = parseJson(await readBounded(response, maxBytes), maxBytes);
    const [cacheControl, expires] = [headers.get('cache-control'), headers.get('expires')];
    return { json, freshness: freshness({ cacheControl, expires }, now()) };
  });
}
