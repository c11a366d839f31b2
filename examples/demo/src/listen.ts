import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Reached from this machine only: the issuer signs for whoever asks. */
const host = '127.0.0.1';
const firstPort = 4000;
/** The issuer's port and three more. */
const lastFirstPort = 65_535 - 3;

/** Why the demo does not start, in one sentence. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

/** A server that is up. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** The first of the demo's four ports: `PORT`, or 4000; 0 stands for any four free ones. */
export function portFromEnv(env: NodeJS.ProcessEnv): number {
  const text = env['PORT'] ?? '';
  if (text === '') return firstPort;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= lastFirstPort) return port;
  throw new CannotStart(
    `PORT: expected a whole number from 0 to ${String(lastFirstPort)}; the demo uses it and the three after it.`,
  );
}

/** Opens a port of this machine. */
export async function listen(listener: RequestListener, port: number): Promise<Listening> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new CannotStart(reason(error, port), { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  // A server on a TCP port has an address of that shape once it listens.
  const { port: opened } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${String(opened)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections(); // kept-alive ones would hold it open
      }),
  };
}

function reason(error: NodeJS.ErrnoException, port: number): string {
  const where = `Port ${String(port)} of ${host}`;
  if (error.code === 'EADDRINUSE')
    return `${where} is in use; stop what uses it, or choose other ports, as with PORT=5000.`;
  return `${where} cannot be opened (${error.code ?? error.message}); choose other ports, as with PORT=5000.`;
}
