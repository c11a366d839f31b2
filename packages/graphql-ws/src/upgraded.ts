import { AuthError, type AuthRequest, type Connection, type Session } from '@hasura-auth/core';

/** What is used of graphql-ws's `ctx.extra`; that of its `ws` and its `@fastify/websocket` fit as they are. */
export interface Upgraded {
  /** The socket, to be closed when the session ends. */
  readonly socket: { close(code?: number, data?: string): void };
  /** The handshake: Node's request, or Fastify's. */
  readonly request: { readonly headers: AuthRequest['headers'] };
}

/** Registered, so that the ESM and the CommonJS build of this package know each other's connections. */
const connectionOf: unique symbol = Symbol.for('@hasura-auth/graphql-ws/connection');
const refusalOf: unique symbol = Symbol.for('@hasura-auth/graphql-ws/refusal');

/** `ctx.extra` with what this package keeps in it. */
export interface Kept {
  [connectionOf]?: Connection;
  /** How a refusal is told where the protocol has words for it. */
  [refusalOf]?: (error: AuthError) => void;
}

/** Puts a connection into the `extra` of its socket. */
export function keepConnection(extra: object, connection: Connection): void {
  (extra as Kept)[connectionOf] = connection;
}

/** The connection behind a context; undefined before `connection_init`. */
export function keptConnection(extra: object): Connection | undefined {
  return (extra as Kept)[connectionOf];
}

/** Says how a refusal is told on this socket, before it is closed. */
export function keepRefusal(extra: object, tell: (error: AuthError) => void): void {
  (extra as Kept)[refusalOf] = tell;
}

/** Tells a refusal, where the protocol has words for it. */
export function tellRefusal(extra: object, error: AuthError): void {
  (extra as Kept)[refusalOf]?.(error);
}

/**
 * The session of a connection, as it is now: after a re-authentication that is the new one. Throws an AuthError before
 * there is one, and as soon as it has ended.
 */
export function sessionOf(ctx: { readonly extra: object }): Session {
  const connection = keptConnection(ctx.extra);
  if (connection === undefined) throw new AuthError('session-ended');
  return connection.session;
}
