// Runs in its own process: a GraphQL server over WebSocket as in docs/websocket.md. Its path selects the subprotocol and
// the authentication: `/modern/token`, `/legacy/token`, `/modern/hook`, `/legacy/hook`; the hook never responds.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuthOptions } from '@hasura-auth/core';
import { hasuraAuth, legacyHandler, legacyProtocol } from '@hasura-auth/graphql-ws';
import { buildSchema } from 'graphql';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

/** The measurements of this process. */
export interface SocketServerFigures {
  /** CPU time since the process started. */
  readonly cpuMs: number;
  /** Heap and buffers; after a garbage collection if the question was `memory`. */
  readonly bytes: number;
  /** How many messages have arrived. */
  readonly messages: number;
  /** How many sockets are open. */
  readonly open: number;
}

console.error = () => undefined; // graphql-ws logs every socket whose client disappears

const shared = {
  adminSecret: 'the-secret-of-the-benchmark',
  logger: { warn: () => undefined, error: () => undefined },
} satisfies AuthOptions;

const authentications: Readonly<Record<string, AuthOptions>> = {
  token: { ...shared, jwtSecret: { type: 'HS256', key: 'a shared secret of at least 32 bytes' } },
  hook: {
    ...shared,
    authHook: { url: 'https://hook.example/', timeoutMs: 60_000 },
    fetch: () => new Promise(() => undefined),
  },
};

const maxPayload = 1_048_576;
const schema = buildSchema('type Query { hello: String }');
const servers = new Map<string, WebSocketServer>();
let messages = 0;

for (const [name, options] of Object.entries(authentications)) {
  const modern = new WebSocketServer({ noServer: true, maxPayload });
  const legacy = new WebSocketServer({
    noServer: true,
    maxPayload,
    handleProtocols: () => legacyProtocol,
  });
  for (const sockets of [modern, legacy])
    sockets.on('connection', (socket) => {
      socket.on('message', () => messages++);
    });
  const serverOptions = hasuraAuth(options).server<Record<string, unknown>, Extra>({ schema });
  useServer(serverOptions, modern);
  legacy.on('connection', legacyHandler(serverOptions));
  servers.set(`/modern/${name}`, modern);
  servers.set(`/legacy/${name}`, legacy);
}

async function figures(collect: boolean): Promise<SocketServerFigures> {
  for (let round = 0; collect && round < 3; round++) {
    globalThis.gc?.();
    await nextTurn(); // finalizers run between turns
  }
  const { user, system } = process.cpuUsage();
  const { heapUsed, external } = process.memoryUsage();
  return {
    cpuMs: (user + system) / 1000,
    bytes: heapUsed + external,
    messages,
    open: [...servers.values()].reduce((sum, { clients }) => sum + clients.size, 0),
  };
}

const server = createServer();
server.on('upgrade', (request, socket, head) => {
  const sockets = servers.get(request.url ?? '');
  sockets?.handleUpgrade(request, socket, head, (opened) => {
    sockets.emit('connection', opened, request);
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  process.send?.(port);
});
process.on('message', (question) => {
  void figures(question === 'memory').then((found) => process.send?.(found));
});
