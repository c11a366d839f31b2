import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import websocket from '@fastify/websocket';
import { hasuraAuth } from '@hasura-auth/fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';

let app: FastifyInstance;
let url: string;
const opened = jest.fn();

beforeEach(async () => {
  opened.mockClear();
  app = Fastify();
  await app.register(websocket);
  await app.register(
    async (scope) => {
      await scope.register(hasuraAuth, { adminSecret: 'secret' });
      scope.get('/', { websocket: true }, (socket, request) => {
        opened();
        socket.send(String(request.hasura?.role));
      });
    },
    { prefix: '/live' },
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `ws://127.0.0.1:${(app.server.address() as AddressInfo).port}/live`;
});
afterEach(() => app.close());

describe('an upgrade, with @fastify/websocket', () => {
  it('is refused with 401 before the handler', async () => {
    const socket = new WebSocket(url);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toBe('Unexpected server response: 401');
    expect(opened).not.toHaveBeenCalled();
  });

  it('is accepted with a session', async () => {
    const headers = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user' };
    const socket = new WebSocket(url, { headers });
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect(message.toString()).toBe('user');
    socket.close();
    await once(socket, 'close');
    expect(opened).toHaveBeenCalledTimes(1);
  });
});
