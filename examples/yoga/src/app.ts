import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthenticator, type AuthOptions, type Session } from '@hasura-auth/core';
import { hasuraAuth, sessionOf } from '@hasura-auth/graphql-ws';
import type { execute, ExecutionArgs, GraphQLSchema, parse, subscribe, validate } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { schema, type GraphqlContext } from './schema.js';
import { yogaAuth } from './yoga-auth.js';

export interface RunningApp {
  readonly url: string;
  close(): Promise<void>;
}

/** The context that graphql-ws passes to Yoga: the session of the connection. */
interface SocketContext {
  readonly session?: Session;
}

/** The GraphQL functions, each with Yoga's plugins applied. */
interface Enveloped {
  readonly schema: GraphQLSchema;
  readonly parse: typeof parse;
  readonly validate: typeof validate;
  readonly execute: typeof execute;
  readonly subscribe: typeof subscribe;
  contextFactory(): unknown;
}

/** Options for graphql-ws that let Yoga run each operation, with all its plugins. */
function throughYoga(
  yoga: YogaServerInstance<SocketContext, GraphqlContext>,
): ServerOptions<Record<string, unknown>, Extra> {
  const enveloped = ({ rootValue }: ExecutionArgs): Enveloped => rootValue as Enveloped; // set in onSubscribe below
  return {
    execute: (args) => enveloped(args).execute(args),
    subscribe: (args) => enveloped(args).subscribe(args),
    onSubscribe: async (ctx, _id, params) => {
      const run: Enveloped = yoga.getEnveloped({ session: sessionOf(ctx), params });
      const args = {
        schema: run.schema,
        operationName: params.operationName,
        document: run.parse(params.query),
        variableValues: params.variables,
        contextValue: await run.contextFactory(),
        rootValue: run,
      };
      const errors = run.validate(args.schema, args.document);
      return errors.length > 0 ? errors : args;
    },
  };
}

/** Starts GraphQL Yoga on Node's HTTP server. HTTP and WebSocket share one authenticator. */
export async function startApp(options: AuthOptions, port = 0): Promise<RunningApp> {
  const authenticator = createAuthenticator(options);
  const http = yogaAuth(authenticator);
  const yoga = createYoga<SocketContext, GraphqlContext>({
    schema,
    plugins: [http.plugin],
    logging: false,
    context: ({ session, request }) => ({ session: session ?? http.sessionOf(request) }),
  });
  const httpServer = createServer((request, response) => void yoga(request, response));
  const sockets = new WebSocketServer({
    server: httpServer,
    path: yoga.graphqlEndpoint,
    maxPayload: 1 << 20,
  });
  const auth = hasuraAuth({ authenticator });
  const disposable = useServer(auth.server(throughYoga(yoga)), sockets);

  await new Promise<void>((resolve) => httpServer.listen(port, '127.0.0.1', resolve));
  const address = httpServer.address() as AddressInfo; // a listening TCP server has an AddressInfo
  return {
    url: `http://127.0.0.1:${String(address.port)}${yoga.graphqlEndpoint}`,
    close: async () => {
      await disposable.dispose();
      httpServer.closeAllConnections();
      await new Promise((resolve) => httpServer.close(resolve));
      await authenticator.close();
    },
  };
}
