import { AuthError } from '@hasura-auth/core';
import { count, functionOr, isPromise, recordOf } from '@hasura-auth/core/adapter';
import { makeServer, type ConnectionInitMessage, type ServerOptions } from 'graphql-ws';
import { LegacySession, type LegacyBounds, type Socket } from './legacy-session.js';
import { keepRefusal, refuse } from './session.js';
import { positiveNumber, type Upgraded } from './socket.js';

/** What is used of a socket of `ws`; that of `@fastify/websocket` is one. */
export interface LegacySocket extends Socket {
  readonly protocol: string;
  on(event: 'message', listener: (data: unknown) => void): unknown;
  on(event: 'close', listener: (code: number, reason: unknown) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Bounds and settings of the older protocol. A bound that is no number of at least 1 is a ConfigError, and so is an unknown member. */
export interface LegacyOptions {
  /** The interval of keep-alives, in milliseconds; 0 sends none. Default 5000, as the engine does. */
  readonly keepAliveMs?: number;
  /**
   * How large a message may be, in bytes; a larger one closes the socket with 1009. Default 1,048,576; 65,536 at most
   * before the acknowledgement. The socket server has read it by then: set `maxPayload` of `ws` too.
   */
  readonly maxMessageBytes?: number;
  /** How many operations one connection may run at once; each further one is rejected with an error. Default 100. */
  readonly maxOperations?: number;
  /**
   * How many operations may wait for the acknowledgement; each further one is rejected with an error. The standard client
   * starts its operations without waiting. Default 8. Not in Hasura.
   */
  readonly maxWaitingMessages?: number;
  /** How large they may be together, in bytes. Default 24,576. Not in Hasura. */
  readonly maxWaitingBytes?: number;
  /**
   * How many bytes may wait for a client that does not read, when its next message arrives; its socket is then closed.
   * Default 4,194,304. Not in Hasura.
   */
  readonly maxUnreadBytes?: number;
  /**
   * The payload of the `connection_error` that a refused client is sent. Default, and used too if this throws or returns
   * what is not JSON: the error in GraphQL's form, an object with `message` and `extensions`. The engine sends the message
   * alone: `(error) => error.message`.
   */
  readonly errorPayload?: (error: AuthError) => unknown;
}

/** The longest interval that Node's timers support, in milliseconds; beyond it they would run all the time. */
const longestInterval = 2_147_483_647;

const members = [
  'keepAliveMs',
  'maxMessageBytes',
  'maxOperations',
  'maxWaitingMessages',
  'maxWaitingBytes',
  'maxUnreadBytes',
  'errorPayload',
];

function boundsOf(legacy: LegacyOptions): LegacyBounds {
  return {
    maxMessageBytes: positiveNumber(legacy.maxMessageBytes, 1_048_576, 'maxMessageBytes'),
    maxOperations: positiveNumber(legacy.maxOperations, 100, 'maxOperations'),
    maxWaitingMessages: positiveNumber(legacy.maxWaitingMessages, 8, 'maxWaitingMessages'),
    maxWaitingBytes: positiveNumber(legacy.maxWaitingBytes, 24_576, 'maxWaitingBytes'),
    maxUnreadBytes: positiveNumber(legacy.maxUnreadBytes, 4_194_304, 'maxUnreadBytes'),
  };
}

const defaultPayload = (error: AuthError): unknown => error.toJSON();

/** The payload of a refusal: the app's, if it is JSON, else the default. */
function refusalPayload(error: AuthError, errorPayload: typeof defaultPayload): unknown {
  try {
    const payload = errorPayload(error);
    if (isPromise(payload))
      Promise.resolve(payload).catch(() => undefined); // it is not JSON, but it may reject
    else if (JSON.stringify(payload) !== undefined) return payload;
  } catch {
    // it is not JSON either
  }
  return defaultPayload(error);
}

/**
 * Serves the subprotocol of subscriptions-transport-ws, whose own server is no longer maintained, with the options of
 * graphql-ws's server: every message is translated into the newer protocol and run by graphql-ws itself. Throws a
 * ConfigError.
 *
 * @example
 * legacy.on('connection', legacyHandler(auth.server({ schema }), { maxOperations: 20 }));
 */
export function legacyHandler<
  P extends ConnectionInitMessage['payload'] = ConnectionInitMessage['payload'],
  S extends LegacySocket = LegacySocket,
  R extends NonNullable<Upgraded['request']> = NonNullable<Upgraded['request']>,
>(
  options: ServerOptions<P, { readonly socket: S; readonly request: R }>,
  legacy: LegacyOptions = {},
): (socket: S, request: R) => void {
  recordOf(legacy, members, 'legacyHandler');
  const errorPayload = functionOr(legacy.errorPayload, 'errorPayload', defaultPayload);
  const keepAliveMs = count(legacy.keepAliveMs, 'keepAliveMs', 5000);
  const bounds = boundsOf(legacy);
  const server = makeServer<P, { readonly socket: S; readonly request: R }>(options);

  return function legacyHandler(socket, request) {
    const extra = { socket, request };
    const session = new LegacySession(socket, {
      bounds,
      reviver: options.jsonMessageReviver,
      refuseLongInit: () => {
        refuse(
          extra,
          new AuthError('bad-connection-params', { detail: 'the message is too long' }),
        );
      },
    });
    keepRefusal(extra, (error) => {
      session.refuse(refusalPayload(error, errorPayload), error.message);
    });
    const closed = server.opened(session, extra);
    let keepAlive: Partial<NodeJS.Timeout> | number | undefined;
    if (keepAliveMs > 0) {
      keepAlive = setInterval(
        () => {
          session.keepAlive();
        },
        Math.min(keepAliveMs, longestInterval),
      );
      keepAlive.unref?.(); // some runtimes have timers without it
    }
    socket.on('message', (data) => {
      session.take(data);
    });
    // A socket that fails is closed by `ws`, which is handled below.
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      clearInterval(keepAlive as NodeJS.Timeout | undefined); // the type above only leaves out `unref`
      session.closed();
      // What can fail here are functions of the app; those in `auth.server()` are logged.
      closed(code, String(reason)).catch(() => undefined);
    });
  };
}
