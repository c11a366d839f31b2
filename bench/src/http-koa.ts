import { hasuraAuth } from '@hasura-auth/koa';
import Koa, { type Middleware } from 'koa';
import koaJwt from 'koa-jwt';
import { idealMapByHand, joseByHand, ownOptions, type ByHand } from './http-by-hand.js';
import type { HttpContender } from './http-contenders.js';
import type { Probe } from './http-probe.js';
import type { PublicKey } from './tokens.js';

function middleware(find: ByHand): Middleware {
  return async (ctx, next) => {
    try {
      await find(ctx.headers.authorization);
    } catch {
      ctx.status = 401;
      return;
    }
    await next();
  };
}

/** The ideal Map needs no promise of its own. */
function synchronous(find: ByHand): Middleware {
  return (ctx, next) => {
    try {
      find(ctx.headers.authorization);
    } catch {
      ctx.status = 401;
      return undefined;
    }
    return next();
  };
}

async function handlerOf(name: HttpContender, key: PublicKey): Promise<Middleware | undefined> {
  switch (name) {
    case 'ideal-map':
      return synchronous(idealMapByHand(key));
    case 'hasura-auth':
      return hasuraAuth(ownOptions(key, true)) as Middleware;
    case 'hasura-auth-cache-off':
      return hasuraAuth(ownOptions(key, false)) as Middleware;
    case 'koa-jwt':
      return koaJwt({
        secret: key.verificationKey as unknown as string, // accepts a KeyObject, which its types omit
        algorithms: ['RS256'],
      });
    case 'jose':
      return middleware(await joseByHand(key));
    default:
      return undefined;
  }
}

/** The Koa app of one contender. */
export async function koaApp(name: HttpContender, key: PublicKey, probe: Probe): Promise<Koa> {
  const app = new Koa();
  const handler = await handlerOf(name, key);
  app.use((_ctx, next) => {
    probe.enter();
    return next();
  });
  if (handler !== undefined) app.use(handler);
  app.use((ctx) => {
    probe.leave();
    ctx.body = { ok: true };
  });
  app.silent = true; // koa-jwt throws its refusals, which Koa would log
  return app;
}
