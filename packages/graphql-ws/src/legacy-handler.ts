import type { AuthError } from '@hasura-auth/core';
import { makeServer, type ConnectionInitMessage, type ServerOptions } from 'graphql-ws';
import { LegacySession } from './legacy-session.js';
import { keepRefusal, type Upgraded } from './upgraded.js';

/** What is used of a socket of `ws`; that of `@fastify/websocket` is one. */
export interface LegacySocket {
  readonly protocol: string;
  readonly readyState: number;
  readonly OPEN: number;
  send(data: string, sent: (error?: Error | null) => void): void;
  close(code?: number, data?: string): void;
  on(
    event: 'message',
    listener: (data: { readonly length?: number; toString(): string }) => void,
  ): unknown;
  on(event: 'close', listener: (code: number, reason: { toString(): string }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Bounds and habits of the legacy protocol. */
export interface LegacyOptions {
  /** How often a keep-alive is sent, in milliseconds; 0 for never. Default 5000, as the engine does. */
  readonly keepAliveMs?: number;
  /**
   * How large a message may be, in bytes; a larger one closes the socket with 1009. Default 1 048 576. The socket server
   * has read it by then: give `ws` a `maxPayload` too.
   */
  readonly maxMessageBytes?: number;
  /** How many operations one connection may have at once; more are refused one by one. Default 100. */
  readonly maxOperations?: number;
  /**
   * The payload of the `connection_error` that a refused client is sent. Default: the error as GraphQL has it, an object
   * with `message` and `extensions`. The engine sends the message alone: `(error) => error.message`.
   */
  readonly errorPayload?: (error: AuthError) => unknown;
}

/**
 * Serves the subprotocol of subscriptions-transport-ws, whose own server is no longer kept, with the options for
 * graphql-ws's server: every message is put into the words of the newer protocol and run by graphql-ws itself.
 */
export function legacyHandler<
  P extends ConnectionInitMessage['payload'] = ConnectionInitMessage['payload'],
  S extends LegacySocket = LegacySocket,
  R extends Upgraded['request'] = Upgraded['request'],
>(
  options: ServerOptions<P, { readonly socket: S; readonly request: R }>,
  legacy: LegacyOptions = {},
): (socket: S, request: R) => void {
  const {
    keepAliveMs = 5000,
    maxMessageBytes = 1_048_576,
    maxOperations = 100,
    errorPayload = (error: AuthError): unknown => error.toJSON(),
  } = legacy;
  const server = makeServer<P, { readonly socket: S; readonly request: R }>(options);

  return function legacyHandler(socket, request) {
    const session = new LegacySession(socket, { maxMessageBytes, maxOperations });
    const extra = { socket, request };
    keepRefusal(extra, (error) => {
      void session.say({ type: 'connection_error', payload: errorPayload(error) });
    });
    const closed = server.opened(session, extra);
    const keepAlive =
      keepAliveMs > 0
        ? setInterval(() => {
            if (session.isReady) void session.say({ type: 'ka' });
          }, keepAliveMs).unref()
        : undefined;
    // A socket that fails is closed by `ws`, and that is told below.
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      clearInterval(keepAlive);
      void closed(code, String(reason));
    });
  };
}
