// One of several processes of an app: HTTP and WebSockets, with revocations on Redis. It is started with its options as
// JSON, and sends its address to its parent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { argv } from 'node:process';
import { createAuthenticator, type AuthOptions } from '@hasura-auth/core';
import { hasuraAuth as onExpress } from '@hasura-auth/express';
import { hasuraAuth as onWebSockets } from '@hasura-auth/graphql-ws';
import { fromNodeRedis, redisHookAnswers, redisRevocations } from '@hasura-auth/redis';
import express from 'express';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createClient } from 'redis';
import { WebSocketServer } from 'ws';

/** What the parent passes to a process. */
export interface AppProcessOptions {
  readonly redis: string;
  /** The shared secret of the tokens; without it the webhook decides. */
  readonly secret?: string;
  readonly hook?: string;
  /** The keys that encrypt shared responses of the webhook. */
  readonly answerKeys?: readonly string[];
}

const { redis, secret, hook, answerKeys = [] } = JSON.parse(argv[2] ?? '{}') as AppProcessOptions;
const client = fromNodeRedis(createClient({ url: redis }));

function optionsOf(): AuthOptions {
  const shared = { adminSecret: false, revocations: redisRevocations({ client }) } as const;
  if (secret !== undefined) return { ...shared, jwtSecret: { type: 'HS256', key: secret } };
  const answers = redisHookAnswers({ client, keys: answerKeys, timeoutMs: 2000 });
  const cache = { headers: ['Authorization'], shared: answers };
  return { ...shared, authHook: { url: hook ?? '', cache } };
}

const schema = buildSchema('type Query { role: String } type Subscription { tick: Int }');
const roots = {
  subscription: {
    async *tick() {
      yield { tick: 1 };
      await new Promise(() => undefined);
    },
  },
};

async function main(): Promise<void> {
  const authenticator = createAuthenticator(optionsOf());
  const sockets = onWebSockets({ authenticator });
  const app = express();
  app.post('/revoke', express.json(), (req, res, next) => {
    authenticator.revoke(req.body as never).then(() => res.sendStatus(204), next); // the test sends it
  });
  app.post('/disconnect', express.json(), (req, res) => {
    sockets.connections.disconnect(req.body as never);
    res.sendStatus(204);
  });
  app.use(onExpress({ authenticator }));
  app.get('/', (req, res) => res.json(req.hasura));

  const server = createServer(app as never); // Express's app is a listener
  useServer(sockets.server({ schema, roots }), new WebSocketServer({ server }));
  await authenticator.ready();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  process.send?.(`http://127.0.0.1:${String(port)}`);
}

void main();
