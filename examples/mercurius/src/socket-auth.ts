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
    /** The WebSocket that an operation came through; absent over HTTP. */
    readonly connection?: Connection;
  }
}

/** What Mercurius calls `onConnect` on. */
interface SubscriptionConnection {
  readonly socket: WebSocket;
  readonly context: { readonly connection: Connection; readonly request: FastifyRequest };
}

type Subscription = Exclude<NonNullable<MercuriusOptions['subscription']>, boolean>;

/** Mercurius's own subscriptions, both subprotocols: authenticated at `connection_init`, closed when the session ends. */
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
        // Before Mercurius says `connection_error`, which the newer subprotocol does not know.
        this.socket.close(forbiddenCloseCode, closeReason(error.message));
        return false;
      }
    },
  };
}

/** A hook for `preSubscriptionExecution`: a socket that is closing still delivers what the client sends. */
export async function refuseAfterEnd(
  _schema: unknown,
  _document: unknown,
  context: MercuriusContext,
): Promise<void> {
  void context.connection?.session; // throws where it has ended
}
