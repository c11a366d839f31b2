import { URL } from 'node:url';
import { unescape } from 'node:querystring';
import { discardBody, readBounded, sendRequest, withDeadline } from '../http-request.js';
import type { Runtime } from '../runtime.js';
import { freshness, type Freshness } from '../freshness.js';

/** Where a key set is published, taken apart at start. */
export interface KeySetAddress {
  /** What is fetched; without credentials, which `fetch` refuses in an address. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly origin: string;
  /** For logs and errors: without credentials and query, where secrets stand. */
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
    // Fetches are minutes apart: by then the other end may be closing the connection, and the fetch would fail.
    connection: 'close',
  };
  if (username !== '' || password !== '') {
    const credentials = Buffer.from(`${unescape(username)}:${unescape(password)}`);
    headers['authorization'] = `Basic ${credentials.toString('base64')}`;
  }
  return { url: url.href, headers, origin, shown: origin + pathname };
}

/** What a provider answered: JSON of whatever kind, and for how long it may be kept. */
export interface DownloadedKeySet {
  readonly json: unknown;
  readonly freshness: Freshness;
}

export interface DownloadBounds {
  readonly timeoutMs: number;
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the response is not JSON'); // without the parser's own error, which quotes its input
  }
}

/**
 * Fetches a key set once, bounded in time, the body included, and in bytes. Redirects are not followed: the operator
 * named the address that is trusted. The content type is not looked at: some providers send JSON as text. Rejects with
 * an Error whose message is safe to log: it quotes neither the answer nor the address.
 *
 * A connection under way keeps the process alive until it is answered or aborted, so for `timeoutMs` at most: Node's
 * `fetch` has no way to unreference it. Our timers never do, and no connection is kept for the next fetch.
 */
export function downloadKeySet(
  address: KeySetAddress,
  { timeoutMs, maxBytes }: DownloadBounds,
  { fetch, now, setTimeout }: Runtime,
  abort: AbortController,
): Promise<DownloadedKeySet> {
  return withDeadline(timeoutMs, setTimeout, async (late) => {
    late.addEventListener('abort', () => {
      abort.abort(late.reason);
    });
    const response = await request(address, fetch, abort.signal);
    const { headers } = response;
    const json = parseJson(await readBounded(response, maxBytes));
    const [cacheControl, expires] = [headers.get('cache-control'), headers.get('expires')];
    return { json, freshness: freshness({ cacheControl, expires }, now()) };
  });
}
