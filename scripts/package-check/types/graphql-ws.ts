import { hasuraAuth, legacyHandler, sessionOf } from '@hasura-auth/graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
const auth = hasuraAuth({ adminSecret: 's', allowedOrigins: ['https://app.example.com'] });
const options = auth.server<Record<string, unknown>, Extra>({
  onConnect: (ctx) => {
    const role: string = sessionOf(ctx).role;
    return role !== 'nobody';
  },
});
const sockets = new WebSocketServer({ noServer: true });
useServer(options, sockets);
sockets.on('connection', legacyHandler(options, { keepAliveMs: 0 }));
// @ts-expect-error a secret is a string
hasuraAuth({ adminSecret: 1 });
// @ts-expect-error at least the name of the variable is needed
auth.connections.disconnect({ sessionVariable: {} });
