import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import websocket from '@fastify/websocket';
import {
  bothProtocols,
  handleProtocols,
  hasuraAuth,
  isLegacy,
  legacyHandler,
} from '@hasura-auth/graphql-ws';
import { fastify } from 'fastify';
import { buildSchema } from 'graphql';
import { makeHandler, type Extra } from 'graphql-ws/use/@fastify/websocket';
import { makeHandler as makeBunHandler, type Extra as BunExtra } from 'graphql-ws/use/bun';
import { useServer, type Extra as WsExtra } from 'graphql-ws/use/ws';
import Koa from 'koa';
import { WebSocketServer } from 'ws';
import { clients } from './clients.js';
import { jwtSecret, userToken } from './tokens.js';

const schema = buildSchema('type Query { role: String! userId: String variables: [String!]! }');
const own = {
  schema,
  roots: {
    query: {
      role: (_args: unknown, { session }: { session: { role: string } }) => session.role,
      userId: null as never, // a field whose value no test reads
      variables: () => [],
    },
  },
};
const options = { adminSecret: false, jwtSecret } as const;
const expected = { data: expect.objectContaining({ role: 'user' }) };
const rightToken = async (): Promise<object> => ({
  connectionParams: { headers: { authorization: `Bearer ${await userToken('7')}` } },
});
const portOf = (server: Server): string => String((server.address() as AddressInfo).port);

test('Fastify with @fastify/websocket takes both protocols on one route, in any order', async () => {
  const app = fastify();
  const server = hasuraAuth(options).server<Record<string, unknown>, Extra>(own);
  await app.register(websocket, { options: { handleProtocols } });
  app.get(
    '/graphql',
    { websocket: true },
    bothProtocols(makeHandler(server), legacyHandler(server)),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `ws://127.0.0.1:${portOf(app.server)}/graphql`;
  for (const name of ['graphql-ws', 'subscriptions-transport-ws', 'graphql-ws'])
    expect(await clients[name]?.(url, await rightToken())).toEqual(expected);
  expect(await clients['graphql-ws']?.(url, {})).toMatchObject({ code: 4403 });
  await app.close();
});

test('Koa takes sockets on the server that it listens with', async () => {
  const koa = new Koa();
  const http = koa.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const sockets = new WebSocketServer({ server: http, path: '/graphql' });
  const server = hasuraAuth(options).server<Record<string, unknown>, WsExtra>(own);
  const disposable = useServer(server, sockets);
  const url = `ws://127.0.0.1:${portOf(http)}/graphql`;
  expect(await clients['graphql-ws']?.(url, await rightToken())).toEqual(expected);
  expect(await clients['graphql-ws']?.(url, {})).toMatchObject({ code: 4403 });
  await disposable.dispose();
  http.close();
});

test('Bun, whose server does not pass the handshake on, takes clients by their connectionParams alone', async () => {
  const auth = hasuraAuth(options);
  const handler = makeBunHandler(auth.server<Record<string, unknown>, BunExtra>(own));
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  sockets.on('connection', (socket) => {
    const bun = {
      sendText: (text: string) => {
        socket.send(text);
      },
      close: (code: number, reason: string) => {
        socket.close(code, reason);
      },
      getBufferedAmount: () => socket.bufferedAmount,
    } as never; // what graphql-ws uses of Bun's socket
    void handler.open?.(bun);
    socket.on('message', (data: Buffer) => void handler.message(bun, data.toString()));
    socket.on('close', (code, reason) => void handler.close?.(bun, code, reason.toString()));
  });
  const url = `ws://127.0.0.1:${String((sockets.address() as AddressInfo).port)}/`;
  expect(await clients['graphql-ws']?.(url, await rightToken())).toEqual(expected);
  const headers = { authorization: `Bearer ${await userToken('7')}` };
  expect(await clients['graphql-ws']?.(url, { headers })).toMatchObject({ code: 4403 });
  await new Promise((resolve) => sockets.close(resolve));
  expect(auth.connections.size).toBe(0);
});

test('the environment is read if there are no options', () => {
  const before = process.env['HASURA_GRAPHQL_ADMIN_SECRET'];
  process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = 'a secret of the tests';
  const { authenticator } = hasuraAuth({ allowedOrigins: ['https://app.example.com'] });
  if (before === undefined) delete process.env['HASURA_GRAPHQL_ADMIN_SECRET'];
  else process.env['HASURA_GRAPHQL_ADMIN_SECRET'] = before;
  expect(hasuraAuth({ authenticator }).authenticator).toBe(authenticator);
});

test('the newer subprotocol is chosen if both are offered, whatever the order', () => {
  expect(handleProtocols(['graphql-ws', 'graphql-transport-ws'])).toBe('graphql-transport-ws');
  expect(handleProtocols(new Set(['graphql-ws']))).toBe('graphql-ws');
  expect(handleProtocols(['soap'])).toBe(false);
  const offering = (offered?: string): boolean =>
    isLegacy({ headers: { 'sec-websocket-protocol': offered } });
  expect([
    offering('graphql-ws'),
    offering('graphql-ws, graphql-transport-ws'),
    offering(),
  ]).toEqual([true, false, false]);
});
