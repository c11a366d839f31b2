import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';

/** The subprotocol of subscriptions-transport-ws. Its name is older than the package of the same name. */
export const legacyProtocol = 'graphql-ws';

/** A subprotocol that is spoken here. */
export type Subprotocol = typeof GRAPHQL_TRANSPORT_WS_PROTOCOL | typeof legacyProtocol;

/**
 * Chooses among the subprotocols that a client offers: graphql-ws's own before the legacy one, whatever the order. To be
 * given to `ws` as `handleProtocols` where one server takes both.
 */
export function handleProtocols(offered: Iterable<string>): Subprotocol | false {
  const names = new Set(offered);
  if (names.has(GRAPHQL_TRANSPORT_WS_PROTOCOL)) return GRAPHQL_TRANSPORT_WS_PROTOCOL;
  return names.has(legacyProtocol) ? legacyProtocol : false;
}

/** Whether a handshake offers the legacy subprotocol and not the newer one: which server should take its upgrade. */
export function isLegacy(request: {
  readonly headers: { readonly 'sec-websocket-protocol'?: string | undefined };
}): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return handleProtocols(offered.split(',').map((name) => name.trim())) === legacyProtocol;
}
