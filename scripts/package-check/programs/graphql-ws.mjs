import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { buildSchema } from 'graphql';
import { createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { hasuraAuth, legacyHandler, requireRole } from '@hasura-auth/graphql-ws';

async function main() {
  const adminsOnly = requireRole('admin');
  const auth = hasuraAuth({ adminSecret: 's', unauthorizedRole: 'nobody' });
  const options = auth.server({
    schema: buildSchema('type Query { role: String! secret: String }'),
    roots: {
      query: {
        role: (_args, { session }) => session.role,
        secret: (_args, { session }) => adminsOnly(session),
      },
    },
  });
  assert.equal(typeof legacyHandler(options), 'function');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new WebSocketServer({ server });
  useServer(options, sockets);
  const ask = async (headers) => {
    const client = createClient({
      url: 'ws://127.0.0.1:' + server.address().port,
      webSocketImpl: WebSocket,
      connectionParams: { headers },
      retryAttempts: 0,
    });
    const answers = [];
    for await (const answer of client.iterate({ query: '{ role secret }' })) answers.push(answer);
    await client.dispose();
    return answers[0];
  };
  assert.deepEqual((await ask({ 'x-hasura-admin-secret': 's' })).data, {
    role: 'admin',
    secret: null,
  });
  const { data, errors } = await ask({});
  assert.equal(data.role, 'nobody');
  assert.equal(errors[0].extensions.code, 'access-denied');
  await assert.rejects(ask({ 'x-hasura-admin-secret': 'wrong' }), ({ code, reason }) => {
    assert.deepEqual([code, reason], [4403, 'invalid x-hasura-admin-secret/x-hasura-access-key']);
    return true;
  });
  sockets.close();
  server.close(() => console.log('done'));
}
main();
