import { encodedHeader, type AuthRequest, type RequestView } from '../request.js';

/** What the engine does not send to a GET hook: headers that describe the client's own transfer, not the client. */
const aboutTheTransfer = [
  'content-length',
  'content-md5',
  'user-agent',
  'host',
  'origin',
  'referer',
  'accept',
  'accept-encoding',
  'accept-language',
  'accept-datetime',
  'cache-control',
  'connection',
  'dnt',
  'content-type',
];

/**
 * Headers of a single connection (RFC 9110, section 7.6.1; `expect` and the two for proxies go no further either). Headers
 * that a client names in its own `Connection` header are forwarded all the same: otherwise a client could remove what a
 * gateway has added to its request.
 */
const hopByHop = [
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const notForwarded: ReadonlySet<string> = new Set([...aboutTheTransfer, ...hopByHop]);

/** Whether a GET hook is sent a header of the client, by its name in lower case. */
export function isForwarded(lowerCaseName: string): boolean {
  return !notForwarded.has(lowerCaseName);
}

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** RFC 9110, section 5.5: visible characters, spaces, tabs and bytes beyond ASCII. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Whether HTTP can carry a header. What came over HTTP it can. What came in a WebSocket's first message need not be so,
 * and is then left out.
 */
function isCarried(name: string, value: string): boolean {
  return fieldValue.test(value) && token.test(name);
}

/** Headers by name, without a prototype, so that every name can be a member. */
export type HookHeaders = Record<string, string>;

const noHeaders = (): HookHeaders => Object.create(null) as HookHeaders; // has no member yet

/** Every header of a request, or those alone that are listed, in the list's order. */
function* headersOf(
  request: RequestView,
  listed: readonly string[] | undefined,
): Generator<readonly [name: string, value: string]> {
  if (listed === undefined) {
    yield* request.headers();
    return;
  }
  for (const name of listed) {
    const value = request.header(name);
    if (value !== undefined) yield [name, value];
  }
}

/** Bytes as they came, a character for each; text that is none, such as of a WebSocket's first message, as UTF-8. */
const bytesOf = (value: string): string =>
  /[^\0-\xff]/.test(value) ? encodedHeader(value) : value;

/** The headers of the call of a GET hook: those of the client, byte by byte, names in lower case. */
export function forwardedHeaders(
  request: RequestView,
  listed: readonly string[] | undefined,
): HookHeaders {
  const headers = noHeaders();
  for (const [name, asSent] of headersOf(request.asSent(), listed)) {
    const value = bytesOf(asSent);
    if (isForwarded(name) && isCarried(name, value)) headers[name] = value;
  }
  return headers;
}

/** Names and values in turn as Node received them; undefined if the server does not expose them. */
function rawHeadersOf({ rawHeaders, raw, req }: AuthRequest): readonly string[] | undefined {
  return rawHeaders ?? raw?.rawHeaders ?? req?.rawHeaders;
}

/** The names as the client wrote them, by their lower case; of several spellings of one name the first. */
function spellings(source: AuthRequest): ReadonlyMap<string, string> {
  const spelt = new Map<string, string>();
  rawHeadersOf(source)?.forEach((name, index) => {
    if (index % 2 === 1) return; // a value
    const lowerCaseName = name.toLowerCase();
    if (!spelt.has(lowerCaseName)) spelt.set(lowerCaseName, name);
  });
  return spelt;
}

/** HTTP/2 sends the host as a pseudo-header (RFC 9113, section 8.3.1). */
function hostOf(request: RequestView): string | undefined {
  return request.header('host') ?? request.header(':authority');
}

/** The headers in the body of the call of a POST hook: those of the client, names as the client wrote them. */
export function writtenHeaders(
  request: RequestView,
  listed: readonly string[] | undefined,
): HookHeaders {
  const spelt = spellings(request.source);
  const headers = noHeaders();
  const host = hostOf(request);
  if (host !== undefined && (listed === undefined || listed.includes('host')))
    headers[spelt.get('host') ?? 'host'] = host;
  for (const [name, value] of headersOf(request, listed))
    if (!name.startsWith(':')) headers[spelt.get(name) ?? name] = value;
  return headers;
}
