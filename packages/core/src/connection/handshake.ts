import type { OriginCheck } from './allowed-origins.js';
import { clientHeaders } from './client-headers.js';
import { anyRequest, encodedHeader, type AuthRequest, type RequestView } from '../request.js';

/** What a WebSocket brings: the parameters of its first message, and the headers of its handshake. */
export interface ConnectionRequest {
  /**
   * The payload of `connection_init`, as the client sent it. Read are the strings of its member `headers`, and, in the
   * older spelling, the strings at its top; they come before the handshake's own headers. Nothing else of it counts.
   */
  readonly connectionParams?: unknown;
  /** The headers of the handshake. Its `Cookie` counts only where its `Origin` is allowed. */
  readonly headers: AuthRequest['headers'];
}

/**
 * Browsers send cookies with a handshake whichever page opens it (RFC 6455, section 10.2), so the page's origin has to be
 * the app's own. Without an `Origin` nobody can tell whose page it is.
 */
function mayReadCookies(handshake: RequestView, allowsOrigin: OriginCheck): boolean {
  const origin = handshake.header('origin');
  return origin !== undefined && allowsOrigin(origin);
}

/**
 * A connection as a request: the client's headers from its parameters first, then the handshake's. A cookie among the
 * parameters is read: no browser puts it there by itself. Throws the AuthError `bad-connection-params`.
 */
export function connectionView(
  { connectionParams, headers }: ConnectionRequest,
  allowsOrigin: OriginCheck,
): RequestView {
  const handshake = anyRequest({ headers });
  const merged = Object.create(null) as Record<string, string>; // a null prototype has no member yet
  for (const [name, value] of handshake.headers()) merged[name] = encodedHeader(value);
  if ('cookie' in merged && !mayReadCookies(handshake, allowsOrigin)) delete merged['cookie'];
  for (const [name, value] of clientHeaders(connectionParams)) merged[name] = encodedHeader(value);
  return anyRequest({ headers: merged });
}
