import type { AuthRequest, RequestView } from '../request.js';
import { graphqlRequest } from './graphql-request.js';
import { forwardedHeaders, writtenHeaders, type HookHeaders } from './headers.js';
import type { HookConfig } from './options.js';

/** The HTTP request to a hook: all that the hook learns about a client's request. */
export interface HookRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const jsonHeaders = { 'content-type': 'application/json' };

/**
 * The body for a POST hook. What the app's body parser returned need not be JSON: it may be nested too deep to be written,
 * contain itself or a BigInt, or throw when it is read. The hook then gets null, as for a body that is no GraphQL request.
 */
function bodyOf(headers: HookHeaders, source: AuthRequest): string {
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
