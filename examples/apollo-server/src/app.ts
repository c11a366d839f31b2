import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import { createAuthenticator, type AuthOptions } from '@hasura-auth/core';
import { hasuraAuth, sessionOf } from '@hasura-auth/express';
import { hasuraAuth as webSocketAuth } from '@hasura-auth/graphql-ws';
import express from 'express';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { schema, type GraphqlContext } from './schema.js';

export interface RunningApp {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts Apollo Server on Express 5: queries and mutations over HTTP, all operations over WebSocket, with one authenticator. */
export async function startApp(options: AuthOptions, port = 0): Promise<RunningApp> {
  const authenticator = createAuthenticator(options);
  const app = express();
  const httpServer = createServer(app);

  const sockets = new WebSocketServer({
    server: httpServer,
    path: '/graphql',
    maxPayload: 1 << 20,
  });
  const auth = webSocketAuth({ authenticator });
  const disposable = useServer(auth.server({ schema }), sockets);

  const apollo = new ApolloServer<GraphqlContext>({
    schema,
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer }),
      { serverWillStart: async () => ({ drainServer: async () => disposable.dispose() }) },
    ],
  });
  await apollo.start();
  app.use(
    '/graphql',
    express.json(),
    hasuraAuth({ authenticator }),
    expressMiddleware(apollo, { context: async ({ req }) => ({ session: sessionOf(req) }) }),
  );

  await new Promise<void>((resolve) => httpServer.listen(port, '127.0.0.1', resolve));
  const address = httpServer.address() as AddressInfo; // a listening TCP server has an AddressInfo
  return {
    url: `http://127.0.0.1:${String(address.port)}/graphql`,
    close: async () => {
      await apollo.stop();
      await authenticator.close();
    },
  };
}
