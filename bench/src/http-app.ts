import { createPublicKey } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { argv } from 'node:process';
import { expressApp } from './http-express.js';
import { fastifyApp } from './http-fastify.js';
import { koaApp } from './http-koa.js';
import type { HttpContender } from './http-contenders.js';
import { Probe } from './http-probe.js';
import type { PublicKey } from './tokens.js';

// Runs in its own process: the server of one contender, `http-app.ts express ideal-map '{"text":…}'`.

const [, , framework = '', contender = '', described = '{}'] = argv;
const { text, jwk } = JSON.parse(described) as Pick<PublicKey, 'text' | 'jwk'>; // http.ts sends these two members
const key: PublicKey = { text, jwk, verificationKey: createPublicKey(text) };

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // a TCP server that listens has one
}

const probe = new Probe();

/** Starts the key set endpoint that express-oauth2-jwt-bearer needs. */
async function keySetAddress(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String(portOf(server))}/jwks`;
}

/** Koa's callback returns a promise that Node's server ignores. */
function voided(listen: (...of: Parameters<RequestListener>) => Promise<void>): RequestListener {
  return (request, response) => void listen(request, response);
}

async function start(): Promise<Server> {
  const name = contender as HttpContender; // http.ts takes it from httpContenders
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
process.on('disconnect', () => process.exit()); // its parent has exited
process.on('message', (question) => {
  const { user, system } = process.cpuUsage();
  process.send?.(question === 'probe' ? probe.read() : user + system);
});
process.send?.(portOf(server));
