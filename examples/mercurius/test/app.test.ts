import { once } from 'node:events';
import { WebSocket } from 'ws';
import { describeGraphqlApp, expired, headersFor } from '../../test/graphql-app.js';
import { startApp } from '../src/app.js';

const running = describeGraphqlApp(startApp);

test('a socket is closed when its token expires, with both subprotocols', async () => {
  for (const protocol of ['graphql-transport-ws', 'graphql-ws']) {
    const socket = new WebSocket(running().url.replace('http', 'ws'), protocol);
    await once(socket, 'open');
    const endsAt = Date.now() + 300;
    const headers = await headersFor('user', 300);
    socket.send(JSON.stringify({ type: 'connection_init', payload: { headers } }));
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4403, expired]);
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
  }
});
