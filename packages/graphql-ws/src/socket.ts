import { closeReason, ConfigError, type AuthRequest } from '@hasura-auth/core';

/** What is used of a socket: of `ws`, `@fastify/websocket`, Deno, Bun or another server of graphql-ws. */
export interface Closable {
  /** Closes with a code and a reason. */
  close(code?: number, data?: string): void;
  /** Closes without the client's answer, and without sending what waits. Of `ws` and Bun. */
  terminate?(): void;
  /** How many bytes wait to be sent. */
  readonly bufferedAmount?: number;
  /** The same, as Bun and uWebSockets.js have it. */
  getBufferedAmount?(): number;
}

/** What is used of graphql-ws's `ctx.extra`; that of its servers fits as it is. */
export interface Upgraded {
  /** The socket, to be closed when the session ends. */
  readonly socket: Closable;
  /**
   * The handshake: Node's request, or Fastify's. Absent on Bun and Deno, where clients are authenticated by their
   * `connectionParams` alone.
   */
  readonly request?: { readonly headers: AuthRequest['headers'] } | undefined;
}

/**
 * How many bytes may wait for a client before it is authenticated. With one more answer, which is within the bounds of
 * `connectionParams`, it stays below 64 KiB.
 */
export const maxEarlyUnreadBytes = 16_384;

/** How many bytes wait to be sent; 0 if the socket does not know it. */
export function unreadBytes(socket: Closable): number {
  return socket.bufferedAmount ?? socket.getBufferedAmount?.() ?? 0;
}

/** Closes a socket with a reason that is cut to what fits; a socket that throws is gone already. */
export function closeSocket(socket: Closable, code?: number, reason?: string): void {
  try {
    socket.close(code, reason === undefined ? undefined : closeReason(reason));
  } catch {
    // there is nothing left to close
  }
}

/**
 * Closes the socket of a client that does not read what it asked for. It would not read a close frame either, and what
 * waits for it is to be freed now.
 */
export function cutOff(socket: Closable): void {
  try {
    if (socket.terminate === undefined) socket.close(1008, 'The client does not read');
    else socket.terminate();
  } catch {
    // there is nothing left to close
  }
}

/** A number of at least 1, or the default if the option is absent. Throws a ConfigError. */
export function positiveNumber(value: unknown, byDefault: number, option: string): number {
  if (value === undefined) return byDefault;
  if (typeof value === 'number' && value >= 1) return value;
  const got = typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
  throw new ConfigError(option, `expected a number of at least 1, got ${got}`);
}
