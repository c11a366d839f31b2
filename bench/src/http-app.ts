import { createPublicKey } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { argv } from 'node:process';
import { expressApp } from './http-express.js';
import { fastifyApp } from './http-fastify.js';
import { koaApp } from './http-koa.js';
import type { HttpContender } from './http-contenders.js';
import type { PublicKey } from './http-key.js';
import { Probe } from './http-probe.js';

// The server of one contender in a process of its own: `http-app.ts express ideal-map '{"text":…}'`.

const [, , framework = '', contender = '', described = '{}'] = argv;
const { text, jwk } = JSON.parse(described) as Pick<PublicKey, 'text' | 'jwk'>; // what http.ts sent
const key: PublicKey = { text, jwk, verificationKey: createPublicKey(text) };

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // it listens at a port
}

const probe = new Probe();

/** Where one of the contenders fetches its keys from. */
async function keySetAddress(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String(portOf(server))}/jwks`;
}

/** Koa's callback gives a promise that nobody waits for. */
function voided(listen: (...of: Parameters<RequestListener>) => Promise<void>): RequestListener {
  return (request, response) => void listen(request, response);
}

async function start(): Promise<Server> {
  const name = contender as HttpContender; // http.ts takes it from the list
  switch (framework) {
    case 'express':
      return createServer(await expressApp(name, key, await keySetAddress(), probe));
    case 'koa':
      return createServer(voided((await koaApp(name, key, probe)).callback()));
    default:
      return fastifyApp(name, key, probe);
  }
}

const server = await start();
if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.on('disconnect', () => process.exit()); // its parent is gone
process.on('message', (question) => {
  const { user, system } = process.cpuUsage();
  process.send?.(question === 'probe' ? probe.read() : user + system);
});
process.send?.(portOf(server));
