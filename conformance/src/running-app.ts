import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Session } from '@hasura-auth/core';

/** What stands behind the middleware under test: answers with the session, and remembers that it ran. */
export interface ProtectedEndpoint {
  /** The sessions that reached the handler, oldest first. */
  readonly reached: readonly Session[];
  /** To be called by the app's handler; gives the body to answer with. */
  answer(session: Session | null | undefined): object;
}

/** An app that listens on loopback, with the endpoint it protects. */
export interface RunningApp {
  readonly url: string;
  readonly endpoint: ProtectedEndpoint;
  close(): Promise<void>;
}

/** Room for the rows with long headers: past Node's default, its own parser would answer in our place. */
export const roomyHeaders = { maxHeaderSize: 128 * 1024 } as const;

export function protectedEndpoint(): ProtectedEndpoint {
  const reached: Session[] = [];
  return {
    reached,
    answer(session) {
      if (!session) throw new Error('The handler ran without a session');
      reached.push(session);
      const { claims: _, ...visible } = session;
      return visible;
    },
  };
}

/** Listens on a free loopback port. */
export async function listen(server: Server, endpoint: ProtectedEndpoint): Promise<RunningApp> {
  // Node ends a connection that was idle for 5 s; on a busy machine a client may just have begun to use it again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${port}`,
    endpoint,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
