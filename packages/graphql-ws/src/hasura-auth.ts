import {
  AuthError,
  type Authenticator,
  type ConnectionRules,
  type Connections,
  type HasuraAuthOptions,
  type Session,
} from '@hasura-auth/core';
import { authenticatorFrom } from '@hasura-auth/core/adapter';
import type { ConnectionInitMessage, Context, ServerOptions } from 'graphql-ws';
import { graphqlError, guarded, refuse } from './refusal.js';
import { keepConnection, keptConnection, sessionOf, type Upgraded } from './upgraded.js';

type Params = ConnectionInitMessage['payload'];

/** Options: the authenticator's own, or one that is shared, and the rules for connections. */
export type HasuraAuthWebSocketOptions = HasuraAuthOptions &
  ConnectionRules & {
    /**
     * Reads the parameters of a re-authentication, in the shape of `connectionParams`, out of the payload of a client's
     * ping; undefined where a ping is just a ping. A refusal closes the socket with 4403. Default: pings are not read.
     */
    readonly paramsOfPing?: (payload: Params) => unknown;
  };

/** Authentication for graphql-ws. */
export interface HasuraAuth {
  readonly authenticator: Authenticator;
  /** The open connections, to be closed by role, session variable or token. */
  readonly connections: Connections;
  /**
   * The options to give to graphql-ws, made from the app's own: `onConnect` authenticates first, `context` is
   * `{ session }` where the app has none, an operation of an ended session is refused, and the socket is closed with 4403
   * when the session ends.
   */
  server<P extends Params = Params, E extends Upgraded = Upgraded>(
    options: ServerOptions<P, E>,
  ): ServerOptions<P, E>;
  /**
   * Goes on with a fresh token, brought by a message of the app's choice. Rejects with an AuthError where it is refused;
   * the connection is then left as it is.
   */
  reauthenticate(ctx: { readonly extra: Upgraded }, connectionParams: unknown): Promise<Session>;
}

/**
 * Authentication of GraphQL over WebSocket, once for all sockets of an app. Without options the `HASURA_GRAPHQL_*`
 * variables are read. Throws a ConfigError where the options are wrong.
 */
export function hasuraAuth(options: HasuraAuthWebSocketOptions | ConnectionRules = {}): HasuraAuth {
  const { allowedOrigins, reauthentication, paramsOfPing, ...others } =
    options as HasuraAuthWebSocketOptions;
  const { authenticator } = authenticatorFrom(
    Object.keys(others).length === 0 ? undefined : others,
  );
  const connections = authenticator.connections({
    ...(allowedOrigins !== undefined && { allowedOrigins }),
    ...(reauthentication !== undefined && { reauthentication }),
  });

  async function reauthenticate(
    { extra }: { readonly extra: Upgraded },
    connectionParams: unknown,
  ): Promise<Session> {
    const connection = keptConnection(extra);
    if (connection === undefined) throw new AuthError('session-ended');
    return connection.reauthenticate({ connectionParams, headers: extra.request.headers });
  }

  function server<P extends Params, E extends Upgraded>(
    own: ServerOptions<P, E>,
  ): ServerOptions<P, E> {
    const connect = async (ctx: Context<P, E>) => {
      const { socket, request } = ctx.extra;
      const connection = connections.open((code, reason) => {
        socket.close(code, reason);
      });
      keepConnection(ctx.extra, connection);
      const { connectionParams } = ctx;
      await connection.authenticate({ connectionParams, headers: request.headers });
      return own.onConnect?.(ctx);
    };
    return {
      ...own,
      context: own.context ?? ((ctx) => ({ session: sessionOf(ctx) })),
      onConnect: (ctx) =>
        guarded<Awaited<ReturnType<typeof connect>>>(
          () => connect(ctx),
          (error) => {
            refuse(ctx.extra, error);
            return false;
          },
        ),
      onPing: (ctx, payload) =>
        guarded(
          async () => {
            const params = paramsOfPing?.(payload);
            if (params !== undefined) await reauthenticate(ctx, params);
            await own.onPing?.(ctx, payload);
          },
          (error) => {
            refuse(ctx.extra, error);
          },
        ),
      onSubscribe: (ctx, id, payload) =>
        guarded<Awaited<ReturnType<NonNullable<typeof own.onSubscribe>>>>(
          async () => {
            // A socket that is closing still delivers what the client sends.
            sessionOf(ctx);
            return own.onSubscribe?.(ctx, id, payload);
          },
          (error) => [graphqlError(error)],
        ),
      async onClose(ctx, code, reason) {
        keptConnection(ctx.extra)?.closed();
        await own.onClose?.(ctx, code, reason);
      },
    };
  }

  return { authenticator, connections, server, reauthenticate };
}
