import {
  AuthError,
  forbiddenCloseCode,
  isAuthError,
  type Connection,
  type Role,
  type Session,
} from '@hasura-auth/core';
import { roleGuard } from '@hasura-auth/core/adapter';
import { GraphQLError } from 'graphql';
import { closeSocket, type Upgraded } from './socket.js';

/** Registered, so that the ESM and the CommonJS build of this package know each other's connections. */
const connectionOf: unique symbol = Symbol.for('@hasura-auth/graphql-ws/connection');
const refusalOf: unique symbol = Symbol.for('@hasura-auth/graphql-ws/refusal');

/** `ctx.extra` with what this package keeps in it. */
interface Kept {
  [connectionOf]?: Connection;
  /** How a refusal is sent, if the protocol has a message for it. */
  [refusalOf]?: (error: AuthError) => void;
}

/** Puts a connection into the `extra` of its socket. */
export function keepConnection(extra: object, connection: Connection): void {
  (extra as Kept)[connectionOf] = connection;
}

/** The connection of a context; undefined before `connection_init`. */
export function keptConnection(extra: object): Connection | undefined {
  return (extra as Kept)[connectionOf];
}

/** Sets how a refusal is sent on this socket before it is closed. `send` must not throw. */
export function keepRefusal(extra: object, send: (error: AuthError) => void): void {
  (extra as Kept)[refusalOf] = send;
}

/**
 * The current session of a connection: after a re-authentication it is the new one. Throws an AuthError before there is a
 * session, and as soon as it has ended.
 *
 * @example
 * onSubscribe: (ctx) => void log.info(`an operation of ${sessionOf(ctx).role}`)
 */
export function sessionOf(ctx: { readonly extra: object }): Session {
  const connection = keptConnection(ctx.extra);
  if (connection === undefined) throw new AuthError('session-ended');
  return connection.session;
}

/** Refuses a client. graphql-ws has no message for it, so the reason of the close frame is the engine's message. */
export function refuse(extra: Upgraded, error: AuthError): void {
  keptConnection(extra)?.closed(); // at once: what arrives while the socket closes must not be run
  (extra as Kept)[refusalOf]?.(error);
  closeSocket(extra.socket, forbiddenCloseCode, error.message);
}

/** A refusal as the answer to one operation. */
export function graphqlError(error: AuthError): GraphQLError {
  const { extensions, message } = error.toJSON();
  return new GraphQLError(message, { extensions });
}

/** Runs a step of the connection; a refusal goes to `refused`, every other error is graphql-ws's to report. */
export async function guarded<T>(
  step: () => Promise<T>,
  refused: (error: AuthError) => T,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return refused(error);
  }
}

/**
 * A check for resolvers: throws a GraphQLError with the engine's code and message unless the session has one of the
 * roles; without a session too. Without roles it throws a ConfigError.
 *
 * @example
 * const editorsOnly = requireRole('editor');
 * const drafts = (_root, _args, { session }) => { editorsOnly(session); return readDrafts(); };
 */
export function requireRole(
  ...roles: readonly Role[]
): (session: Session | null | undefined) => void {
  const check = roleGuard(roles);
  return function requireRole(session) {
    try {
      check(session);
    } catch (error) {
      throw isAuthError(error) ? graphqlError(error) : error;
    }
  };
}
