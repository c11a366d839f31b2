import { encodedHeader, type AuthRequest, type RequestView } from '../request.js';
import { emptyHeaders, fieldName, fieldValue } from '../request-headers.js';
import { graphqlRequest } from './graphql-request.js';
import { isForwarded, type HookConfig } from './options.js';

/** The HTTP request to a hook. It contains all of a client's request that the hook receives. */
export interface HookRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Whether HTTP can carry a header. What came over HTTP it can. What came in a WebSocket's first message need not be so,
 * and is then left out.
 */
function isCarried(name: string, value: string): boolean {
  return fieldValue.test(value) && fieldName.test(name);
}

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
function forwardedHeaders(
  request: RequestView,
  listed: readonly string[] | undefined,
): Record<string, string> {
  const headers = emptyHeaders();
  for (const [name, asSent] of headersOf(request.asSent(), listed)) {
    const value = bytesOf(asSent);
    if (isForwarded(name) && isCarried(name, value)) headers[name] = value;
  }
  return headers;
}

/** Names and values in turn as Node received them; empty if the server does not expose them. */
function rawHeadersOf({ rawHeaders, raw, req }: AuthRequest): readonly unknown[] {
  const exposed: unknown = rawHeaders ?? raw?.rawHeaders ?? req?.rawHeaders; // some hosts imitate Node's requests
  return Array.isArray(exposed) ? exposed : [];
}

/** The names as the client wrote them, by their lower case; of several spellings of one name the first. */
function spellings(source: AuthRequest): ReadonlyMap<string, string> {
  const spelt = new Map<string, string>();
  rawHeadersOf(source).forEach((name, index) => {
    if (index % 2 === 1 || typeof name !== 'string') return; // a value
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
function writtenHeaders(
  request: RequestView,
  listed: readonly string[] | undefined,
): Record<string, string> {
  const spelt = spellings(request.source);
  const headers = emptyHeaders();
  const host = hostOf(request);
  if (host !== undefined && (listed === undefined || listed.includes('host')))
    headers[spelt.get('host') ?? 'host'] = host;
  for (const [name, value] of headersOf(request, listed))
    if (!name.startsWith(':')) headers[spelt.get(name) ?? name] = value;
  return headers;
}

const jsonHeaders = { 'content-type': 'application/json' };

/**
 * The body for a POST hook. What the app's body parser returned need not be JSON: it may be nested too deep to be written,
 * contain itself or a BigInt, or throw when it is read. The hook then gets null, as for a body that is no GraphQL request.
 */
function bodyOf(headers: Record<string, string>, source: AuthRequest): string {
  try {
    return JSON.stringify({ headers, request: graphqlRequest(source) });
  } catch {
    return JSON.stringify({ headers, request: null });
  }
}

/** Makes the request to a hook from a client's request: with the client's headers (GET), or with a JSON body (POST). */
export function hookRequests({
  mode,
  sendRequestBody,
  cache,
}: HookConfig): (request: RequestView) => HookRequest {
  const listed = cache?.headers;
  if (mode === 'GET')
    return (request) => ({ method: mode, headers: forwardedHeaders(request, listed) });
  return (request) => {
    const headers = writtenHeaders(request, listed);
    const body = sendRequestBody ? bodyOf(headers, request.source) : JSON.stringify({ headers });
    return { method: mode, headers: jsonHeaders, body };
  };
}
