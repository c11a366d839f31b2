import { type HookConfig, isCarried, isForwarded } from './options.js';
import type { RequestView } from '../request.js';
import { graphqlRequest } from './graphql-request.js';

/** All that a hook is told of one client's request. */
export interface HookCall {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
}

type Headers = Record<string, string>;

/** What a hook may see of a request: every header, or those alone that decide where answers are kept. */
function headersOf(
  request: RequestView,
  deciding: readonly string[] | undefined,
  isSent: (name: string, value: string) => boolean,
): Headers {
  const headers = Object.create(null) as Headers; // a null prototype has no member yet
  if (deciding === undefined) {
    for (const [name, value] of request.headers()) if (isSent(name, value)) headers[name] = value;
    return headers;
  }
  for (const name of deciding) {
    const value = request.header(name);
    if (value !== undefined && isSent(name, value)) headers[name] = value;
  }
  return headers;
}

const forwarded = (name: string, value: string): boolean =>
  isForwarded(name) && isCarried(name, value);
/** What HTTP/2 writes beside the headers, as `:path`, is none (RFC 9113, section 8.3). */
const everyHeader = (name: string): boolean => !name.startsWith(':');
const jsonHeaders: Headers = { 'content-type': 'application/json' };

/** Words the call of a hook for a request: in the client's own headers (GET) or in a JSON body (POST). */
export function hookCalls({
  mode,
  sendRequestBody,
  cache,
}: HookConfig): (request: RequestView) => HookCall {
  if (mode === 'GET')
    return (request) => ({
      method: mode,
      headers: headersOf(request.asSent(), cache?.headers, forwarded), // bytes stay bytes
    });
  return (request) => {
    const headers = headersOf(request, cache?.headers, everyHeader);
    const told = sendRequestBody
      ? { headers, request: graphqlRequest(request.source) }
      : { headers };
    return { method: mode, headers: jsonHeaders, body: JSON.stringify(told) };
  };
}
