// One of the processes: `server.ts express` or `server.ts fastify`. It listens on PORT at HOST.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { metrics } from '@hasura-auth/prometheus';
import { sharedAuthenticator } from './authenticator.js';
import { expressServer } from './express-app.js';
import { fastifyServer } from './fastify-app.js';
import { addSubscriptions } from './subscriptions.js';

const { argv, env } = process;
metrics();
const authenticator = await sharedAuthenticator();
const server =
  argv[2] === 'fastify' ? await fastifyServer(authenticator) : expressServer(authenticator);
addSubscriptions(server, authenticator);

server.listen(Number(env['PORT'] ?? 0), env['HOST'] ?? '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo; // a TCP server that listens has one
process.stdout.write(`listening on port ${String(port)}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
