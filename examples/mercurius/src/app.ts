import { hasuraAuth } from '@hasura-auth/fastify';
import type { AuthOptions } from '@hasura-auth/core';
import { createAdapter } from '@hasura-auth/core/adapter';
import { fastify } from 'fastify';
import mercurius from 'mercurius';
import { resolvers, schema } from './schema.js';
import { refuseAfterEnd, socketAuth } from './socket-auth.js';

export interface RunningApp {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts Mercurius on Fastify: queries over HTTP, subscriptions over WebSocket, with one authenticator. */
export async function startApp(options: AuthOptions, port = 0): Promise<RunningApp> {
  const app = fastify({ forceCloseConnections: true });
  await app.register(hasuraAuth, options);
  const adapter = createAdapter({ authenticator: app.hasuraAuth });
  app.setErrorHandler((thrown, request, reply) =>
    adapter.refuse(thrown, request, {
      refuse: ({ status, headers, body }) =>
        reply
          .code(status)
          .headers({ ...headers })
          .send(body),
      forward: (error) => reply.send(error),
    }),
  );
  await app.register(mercurius, {
    schema,
    resolvers,
    // The plugin must not reject handshakes without a token: the token arrives in the first message.
    additionalRouteOptions: { config: { hasuraAuth: false } },
    context: async (request) => ({ session: await app.hasuraAuth.authenticate(request) }),
    subscription: socketAuth(app.hasuraAuth.connections()),
  });
  app.graphql.addHook('preSubscriptionExecution', refuseAfterEnd);
  const address = await app.listen({ port, host: '127.0.0.1' });
  return { url: `${address}/graphql`, close: () => app.close() };
}
