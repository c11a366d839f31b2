import {
  closeReason,
  forbiddenCloseCode,
  isAuthError,
  type Connection,
  type Connections,
} from '@hasura-auth/core';
import type { FastifyRequest } from 'fastify';
import type { MercuriusContext, MercuriusOptions } from 'mercurius';
import type { WebSocket } from 'ws';

declare module 'mercurius' {
  interface MercuriusContext {
    /** The WebSocket connection of an operation; absent over HTTP. */
    readonly connection?: Connection;
  }
}

/** The object on which Mercurius calls `onConnect`. */
interface SubscriptionConnection {
  readonly socket: WebSocket;
  readonly context: { readonly connection: Connection; readonly request: FastifyRequest };
}

type Subscription = Exclude<NonNullable<MercuriusOptions['subscription']>, boolean>;

/** Options for Mercurius's WebSocket server, for both subprotocols: authenticates at `connection_init`, closes the socket when the session expires. */
export function socketAuth(connections: Connections): Subscription {
  return {
    context: (socket) => {
      const connection = connections.open((code, reason) => {
        socket.close(code, reason);
      });
      socket.on('close', () => {
        connection.closed();
      });
      return { connection };
    },
    async onConnect(this: SubscriptionConnection, { payload }: { payload: unknown }) {
      const { connection, request } = this.context;
      try {
        const session = await connection.authenticate({
          connectionParams: payload,
          headers: request.headers,
        });
        return { session };
      } catch (error) {
        if (!isAuthError(error)) throw error;
        // Close before Mercurius sends `connection_error`, which the newer subprotocol does not have.
        this.socket.close(forbiddenCloseCode, closeReason(error.message));
        return false;
      }
    },
  };
}

/** A `preSubscriptionExecution` hook. It is needed because a closing socket can still deliver messages. */
export async function refuseAfterEnd(
  _schema: unknown,
  _document: unknown,
  context: MercuriusContext,
): Promise<void> {
  void context.connection?.session; // throws if the session has expired
}
