import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Authenticator } from '@hasura-auth/core';
import { hasuraAuth } from '@hasura-auth/graphql-ws';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const schema = buildSchema('type Query { ok: Boolean } type Subscription { seconds: Int }');

async function* seconds(): AsyncGenerator<{ readonly seconds: number }> {
  for (let count = 0; ; count++) {
    yield { seconds: count };
    await setTimeout(1000);
  }
}

/** Adds subscriptions over WebSocket to a server. Those of a revoked token are closed, in all processes. */
export function addSubscriptions(server: Server, authenticator: Authenticator): void {
  const auth = hasuraAuth({ authenticator });
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: 65_536 });
  useServer(auth.server({ schema, roots: { subscription: { seconds } } }), sockets);
}
