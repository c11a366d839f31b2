import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type Koa from 'koa';

type App = RequestListener | Koa | FastifyInstance;

const listenerOf = (app: RequestListener | Koa): RequestListener =>
  // An Express app is a function; Koa's promise is handled by Koa itself.
  typeof app === 'function' ? app : (request, response) => void app.callback()(request, response);

const servers = new Set<Server>();

/** The address at which an app of any framework listens, until `closeAll`. */
export async function addressOf(app: unknown): Promise<string> {
  const given = app as App; // a block of code exports one of these
  if (typeof given === 'object' && 'ready' in given) await given.ready();
  const server =
    typeof given === 'object' && 'ready' in given ? given.server : createServer(listenerOf(given));
  servers.add(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** Ends every server that `addressOf` started. */
export function closeAll(): void {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers.clear();
}
