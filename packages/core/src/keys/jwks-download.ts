import { unescape } from 'node:querystring';
import { URL } from 'node:url';
import { freshness, type Freshness } from '../freshness.js';
import { discardBody, readBounded, sendRequest, withDeadline } from '../http-request.js';
import type { Runtime } from '../runtime.js';
import { isWithin, keySetBounds } from './json-bounds.js';

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
    throw new Error('the response is a redirect, which is not followed');
  throw new Error(`the response has the status ${String(status)}`);
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
 * rejects with the reason of that.
 *
 * A connection under way keeps the process alive until it is answered or aborted, so for `timeoutMs` at most: Node's
 * `fetch` has no way to unreference it. Our timers never do, and no connection is kept for the next fetch.
 */
export function downloadKeySet(
  address: KeySetAddress,
  { timeoutMs, maxBytes }: DownloadBounds,
  { fetch, now, setTimeout }: Runtime,
  closing: AbortSignal,
): Promise<DownloadedKeySet> {
  return withDeadline(timeoutMs, setTimeout, async (late) => {
    const response = await request(address, fetch, AbortSignal.any([late, closing]));
    const { headers } = response;
    const json = parseJson(await readBounded(response, maxBytes), maxBytes);
    const [cacheControl, expires] = [headers.get('cache-control'), headers.get('expires')];
    return { json, freshness: freshness({ cacheControl, expires }, now()) };
  });
}
