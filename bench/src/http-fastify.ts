import jwt from '@fastify/jwt';
import { hasuraAuth } from '@hasura-auth/fastify';
import fastify, { type FastifyInstance } from 'fastify';
import type { Server } from 'node:http';
import { idealMapByHand, joseByHand, ownOptions, type ByHand } from './http-by-hand.js';
import type { HttpContender } from './http-contenders.js';
import type { Probe } from './http-probe.js';
import type { PublicKey } from './tokens.js';

function addHook(app: FastifyInstance, find: ByHand): void {
  app.addHook('onRequest', (request, reply, done) => {
    const refused = (): void => void reply.code(401).send();
    try {
      const found = find(request.headers.authorization);
      if (found instanceof Promise) found.then(() => done(), refused);
      else done();
    } catch {
      refused();
    }
  });
}

async function addFastifyJwt(app: FastifyInstance, key: PublicKey, cache: boolean): Promise<void> {
  await app.register(jwt, {
    secret: { public: key.text },
    verify: { algorithms: ['RS256'], cache: cache ? 10_000 : false }, // as many as hasura-auth keeps by default
  });
  app.addHook('onRequest', async (request) => {
    await request.jwtVerify();
  });
}

async function addContender(
  app: FastifyInstance,
  name: HttpContender,
  key: PublicKey,
): Promise<void> {
  switch (name) {
    case 'ideal-map':
      return addHook(app, idealMapByHand(key));
    case 'hasura-auth':
      return void (await app.register(hasuraAuth, ownOptions(key, true)));
    case 'hasura-auth-cache-off':
      return void (await app.register(hasuraAuth, ownOptions(key, false)));
    case 'fastify-jwt-cache-on':
      return addFastifyJwt(app, key, true);
    case 'fastify-jwt-cache-off':
      return addFastifyJwt(app, key, false);
    case 'jose':
      return addHook(app, await joseByHand(key));
    default:
      return undefined;
  }
}

/** The Fastify server of one contender, listening. */
export async function fastifyApp(
  name: HttpContender,
  key: PublicKey,
  probe: Probe,
): Promise<Server> {
  const app = fastify();
  app.addHook('onRequest', (_request, _reply, done) => {
    probe.enter();
    done();
  });
  await addContender(app, name, key);
  app.get('/', () => {
    probe.leave();
    return { ok: true };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server;
}
