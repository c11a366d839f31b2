import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Loopback only: the issuer signs tokens for every client that can reach it. */
const host = '127.0.0.1';
const firstPort = 4000;
/** The demo uses the first port (issuer) and the next three (apps). */
const lastFirstPort = 65_535 - 3;

/** The reason why the demo cannot start, in one sentence. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

/** A listening server. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** The first of the demo's four ports: `PORT`, or 4000. 0 selects four free ports. */
export function portFromEnv(env: NodeJS.ProcessEnv): number {
  const text = env['PORT'] ?? '';
  if (text === '') return firstPort;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= lastFirstPort) return port;
  throw new CannotStart(
    `PORT: expected a whole number from 0 to ${String(lastFirstPort)}; the demo uses this port and the next three.`,
  );
}

/** Listens on a loopback port. Throws a CannotStart if the port cannot be opened. */
export async function listen(listener: RequestListener, port: number): Promise<Listening> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(cannotListen(error, port));
    });
    server.listen(port, host, resolve);
  });
  // A listening TCP server has an AddressInfo.
  const { port: opened } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${String(opened)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections(); // kept-alive connections would delay the close
      }),
  };
}

/** The error of a port that cannot be opened, as one sentence. */
export function cannotListen(error: NodeJS.ErrnoException, port: number): CannotStart {
  return new CannotStart(reason(error, port), { cause: error });
}

function reason(error: NodeJS.ErrnoException, port: number): string {
  const where = `Port ${String(port)} of ${host}`;
  if (error.code === 'EADDRINUSE')
    return `${where} is in use; stop the process that uses it, or choose other ports, for example with PORT=5000.`;
  return `${where} cannot be opened (${error.code ?? error.message}); choose other ports, for example with PORT=5000.`;
}
