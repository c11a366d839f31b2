import { handleProtocols, legacyProtocol } from './subprotocol.js';

/** What is used of a Fastify instance with `@fastify/websocket`. */
interface WithSocketServer {
  readonly websocketServer: { readonly options: { handleProtocols?: unknown } };
}

/**
 * One handler for a route of `@fastify/websocket` that takes both subprotocols: graphql-ws's `makeHandler` and
 * `legacyHandler`. The plugin needs `{ options: { handleProtocols } }`, with the function of that name from here.
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
