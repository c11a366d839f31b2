import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';

/** The subprotocol of subscriptions-transport-ws. It is called like the package graphql-ws, which is younger. */
export const legacyProtocol = 'graphql-ws';

/** A supported subprotocol. */
export type Subprotocol = typeof GRAPHQL_TRANSPORT_WS_PROTOCOL | typeof legacyProtocol;

/**
 * Chooses among the subprotocols that a client offers: graphql-ws's own before the older one, whatever their order; false
 * if it offers neither. For the option `handleProtocols` of `ws`, if one server takes both.
 *
 * @example
 * new WebSocketServer({ server, path: '/graphql', handleProtocols });
 */
export function handleProtocols(offered: Iterable<string>): Subprotocol | false {
  const names = new Set(offered);
  if (names.has(GRAPHQL_TRANSPORT_WS_PROTOCOL)) return GRAPHQL_TRANSPORT_WS_PROTOCOL;
  return names.has(legacyProtocol) ? legacyProtocol : false;
}

/**
 * Whether a handshake offers the older subprotocol and not the newer one. It decides which of two servers takes the
 * upgrade.
 *
 * @example
 * const sockets = isLegacy(request) ? legacy : modern;
 */
export function isLegacy(request: {
  readonly headers: { readonly 'sec-websocket-protocol'?: string | undefined };
}): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return handleProtocols(offered.split(',').map((name) => name.trim())) === legacyProtocol;
}

/** What is used of a Fastify instance with `@fastify/websocket`. */
interface WithSocketServer {
  readonly websocketServer: { readonly options: { handleProtocols?: unknown } };
}

/**
 * One handler for a route of `@fastify/websocket` that takes both subprotocols: graphql-ws's `makeHandler` and
 * `legacyHandler`. The plugin needs `{ options: { handleProtocols } }`, with the function of that name from this package.
 *
 * @example
 * app.get('/graphql', { websocket: true }, bothProtocols(makeHandler(options), legacyHandler(options)));
 */
export function bothProtocols<
  This extends WithSocketServer,
  Socket extends { readonly protocol: string },
  Request,
>(
  modern: (this: This, socket: Socket, request: Request) => unknown,
  legacy: (socket: Socket, request: Request) => void,
): (this: This, socket: Socket, request: Request) => void {
  return function bothProtocols(socket, request) {
    if (socket.protocol === legacyProtocol) {
      legacy(socket, request);
      return;
    }
    modern.call(this, socket, request);
    // graphql-ws's handler has just set its own, which knows one subprotocol
    this.websocketServer.options.handleProtocols = handleProtocols;
  };
}
