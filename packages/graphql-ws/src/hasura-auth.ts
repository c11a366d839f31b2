import {
  AuthError,
  isAuthError,
  type Authenticator,
  type ConnectionRequest,
  type ConnectionRules,
  type Connections,
  type HasuraAuthOptions,
  type Session,
} from '@hasura-auth/core';
import { authenticatorFrom, functionOr, isWithinBounds } from '@hasura-auth/core/adapter';
import type { ConnectionInitMessage, Context, ServerOptions } from 'graphql-ws';
import { endable } from './operation-results.js';
import {
  graphqlError,
  guarded,
  keepConnection,
  keptConnection,
  refuse,
  sessionOf,
} from './session.js';
import {
  closeSocket,
  cutOff,
  maxEarlyUnreadBytes,
  positiveNumber,
  unreadBytes,
  type Upgraded,
} from './socket.js';

type Params = ConnectionInitMessage['payload'];

/** Options: the authenticator's own, or one that is shared, and the rules for connections. */
export type HasuraAuthWebSocketOptions = HasuraAuthOptions &
  ConnectionRules & {
    /**
     * Reads the parameters of a re-authentication, in the form of `connectionParams`, from the payload of a client's ping;
     * undefined if the ping has none. It may be async. If the token is refused, the socket is closed with 4403. Default:
     * pings are not read.
     */
    readonly paramsOfPing?: ((payload: Params) => unknown) | undefined;
    /**
     * How many bytes may wait for a client that does not read, when its next ping or operation arrives; its socket is then
     * closed. Default 4,194,304. Less than 1 is a ConfigError. Not in Hasura.
     */
    readonly maxUnreadBytes?: number | undefined;
  };

/** Authentication for graphql-ws. */
export interface HasuraAuth {
  /** The authenticator, such as for `ready()` and `close()`. */
  readonly authenticator: Authenticator;
  /** The open connections, to be closed by role, session variable or token. */
  readonly connections: Connections;
  /**
   * The options for graphql-ws's server, made from the app's own: `onConnect` authenticates first, `context` is
   * `{ session }` if the app has none, an operation of an ended session is refused, and the socket is closed with 4403 when
   * the session ends. `isProd` is true, so that no reason of a close frame contains a client's own text.
   *
   * @example
   * useServer(auth.server({ schema }), new WebSocketServer({ server, path: '/graphql' }));
   */
  server<P extends Params = Params, E extends Upgraded = Upgraded>(
    options: ServerOptions<P, E>,
  ): ServerOptions<P, E>;
  /**
   * Continues with a fresh token that came in a message of the app's choice. Rejects with an AuthError if the token is
   * refused; the connection is then left as it is.
   */
  reauthenticate(ctx: { readonly extra: Upgraded }, connectionParams: unknown): Promise<Session>;
}

/** A client's message with the headers of its handshake, if the server passes them on. */
function withHandshake(connectionParams: unknown, { request }: Upgraded): ConnectionRequest {
  return request === undefined
    ? { connectionParams }
    : { connectionParams, headers: request.headers };
}

/** A function, since the functions beside it would keep a variable, and the client's message with it. */
function requestOf({ connectionParams, extra }: Context<Params, Upgraded>): ConnectionRequest {
  return withHandshake(connectionParams, extra);
}

/** graphql-ws keeps the parameters of a client, refused or not, until its socket has closed. */
function forgetParams(ctx: { connectionParams?: unknown }): void {
  delete ctx.connectionParams;
}

/**
 * Authentication of GraphQL over WebSocket, once for all sockets of an app. Without options the `HASURA_GRAPHQL_*`
 * variables are read. Throws a ConfigError if the options are wrong.
 *
 * @example
 * const auth = hasuraAuth({ adminSecret: false, jwtSecret: { type: 'HS256', key } });
 */
export function hasuraAuth(options: HasuraAuthWebSocketOptions | ConnectionRules = {}): HasuraAuth {
  const { allowedOrigins, reauthentication, paramsOfPing, maxUnreadBytes, ...others } =
    options as HasuraAuthWebSocketOptions; // the other type has fewer members
  // `Reflect.ownKeys`, since what `optionsFromEnv` found in an environment without variables has a symbol only.
  const { authenticator } = authenticatorFrom(
    Reflect.ownKeys(others).length === 0 ? undefined : others,
  );
  const connections = authenticator.connections({ allowedOrigins, reauthentication });
  const readParams = functionOr(paramsOfPing, 'paramsOfPing', () => undefined);
  const maxUnread = positiveNumber(maxUnreadBytes, 4_194_304, 'maxUnreadBytes');

  async function reauthenticate(
    { extra }: { readonly extra: Upgraded },
    connectionParams: unknown,
  ): Promise<Session> {
    const connection = keptConnection(extra);
    if (connection === undefined) throw new AuthError('session-ended');
    return connection.reauthenticate(withHandshake(connectionParams, extra));
  }

  /** Whether the client may be answered. If it does not read what it asked for before, its socket is closed. */
  function mayAnswer({ socket }: Upgraded): boolean {
    if (unreadBytes(socket) <= maxUnread) return true;
    cutOff(socket);
    return false;
  }

  /** The same for a ping before `connection_init`: its payload would be sent back to a client that may be anyone. */
  function mayAnswerEarly({ socket }: Upgraded, payload: unknown): boolean {
    if (unreadBytes(socket) <= maxEarlyUnreadBytes && isWithinBounds(payload)) return true;
    closeSocket(socket, 4400, 'Too much in pings before connection_init');
    return false;
  }

  function server<P extends Params, E extends Upgraded>(
    own: ServerOptions<P, E>,
  ): ServerOptions<P, E> {
    type Answer = Awaited<ReturnType<NonNullable<typeof own.onConnect>>>;

    function connect(ctx: Context<P, E>): Promise<Answer> {
      const { extra } = ctx;
      const connection = connections.open((code, reason) => {
        closeSocket(extra.socket, code, reason);
      });
      keepConnection(extra, connection);
      return new Promise((resolve, reject) => {
        // graphql-ws keeps the client's message, up to its last byte, while it waits for this promise. If the refusal is
        // delayed, nothing refers to the promise any longer, and both are freed.
        let outcome: { resolve: typeof resolve; reject: typeof reject } | undefined = {
          resolve,
          reject,
        };
        connection
          .authenticate(requestOf(ctx), () => {
            outcome = undefined;
            forgetParams(ctx);
          })
          .then(() => own.onConnect?.(ctx))
          .then(
            (answer) => {
              if (answer === false) connection.closed();
              outcome?.resolve(answer);
            },
            (error: unknown) => {
              forgetParams(ctx);
              if (!isAuthError(error)) {
                connection.closed();
                outcome?.reject(error);
                return;
              }
              refuse(extra, error);
              outcome?.resolve(false);
            },
          );
      });
    }

    /** A function for a socket that has closed: nothing waits for it, so what it throws is logged. */
    const onceClosed =
      (name: 'onDisconnect' | 'onClose') =>
      async (ctx: Context<P, E>, code?: number, reason?: string): Promise<void> => {
        try {
          keptConnection(ctx.extra)?.closed();
          await own[name]?.(ctx, code, reason);
        } catch (error) {
          connections.reportFailure(name, error);
        }
      };

    const authenticated: ServerOptions<P, E> & { readonly isProd: true } = {
      ...own,
      // graphql-ws would close with the message of an error, cut by characters: beyond 123 bytes `ws` throws, and nothing
      // catches it. A query with a long text in the wrong place has such a message.
      isProd: true,
      context: own.context ?? ((ctx) => ({ session: sessionOf(ctx) })),
      onConnect: async (ctx) => connect(ctx),
      onPing: (ctx, payload) =>
        guarded(
          async () => {
            const { acknowledged, extra } = ctx;
            if (!(acknowledged ? mayAnswer(extra) : mayAnswerEarly(extra, payload))) return;
            const params = await readParams(payload);
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
            if (!mayAnswer(ctx.extra)) throw new AuthError('session-ended');
            sessionOf(ctx); // throws if the session has ended: a closing socket still delivers what the client sends
            return own.onSubscribe?.(ctx, id, payload);
          },
          (error) => [graphqlError(error)],
        ),
      async onOperation(ctx, id, payload, args, result) {
        const results = (await own.onOperation?.(ctx, id, payload, args, result)) ?? result;
        return endable(await results, (error) => {
          connections.reportFailure('ending an operation', error);
        });
      },
      onDisconnect: onceClosed('onDisconnect'),
      onClose: onceClosed('onClose'),
    };
    return authenticated;
  }

  return { authenticator, connections, server, reauthenticate };
}
