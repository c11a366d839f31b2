import { hasuraAuth } from '@hasura-auth/express';
import express, { type Express, type RequestHandler } from 'express';
import { expressjwt } from 'express-jwt';
import { auth } from 'express-oauth2-jwt-bearer';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { awsByHand, idealMapByHand, joseByHand, ownOptions, type ByHand } from './http-by-hand.js';
import type { HttpContender } from './http-contenders.js';
import type { Probe } from './http-probe.js';
import { issuer, type PublicKey } from './tokens.js';

function middleware(find: ByHand): RequestHandler {
  return (req, res, next) => {
    const refused = (): void => void res.status(401).end();
    try {
      const found = find(req.headers.authorization);
      if (found instanceof Promise) found.then(() => next(), refused);
      else next();
    } catch {
      refused();
    }
  };
}

function passportJwt(key: PublicKey): RequestHandler {
  const strategy = new Strategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: key.verificationKey as unknown as string, // accepts a KeyObject, which its types omit
      algorithms: ['RS256'],
    },
    (payload: object, done) => done(null, payload),
  );
  return passport.authenticate(strategy, { session: false }) as RequestHandler;
}

async function handlerOf(
  name: HttpContender,
  key: PublicKey,
  jwksUri: string,
): Promise<RequestHandler | undefined> {
  switch (name) {
    case 'ideal-map':
      return middleware(idealMapByHand(key));
    case 'hasura-auth':
      return hasuraAuth(ownOptions(key, true));
    case 'hasura-auth-cache-off':
      return hasuraAuth(ownOptions(key, false));
    case 'express-jwt':
      return expressjwt({ secret: key.verificationKey, algorithms: ['RS256'] }) as RequestHandler;
    case 'express-oauth2-jwt-bearer':
      return auth({ issuer, audience: 'hasura', jwksUri });
    case 'passport-jwt':
      return passportJwt(key);
    case 'jose':
      return middleware(await joseByHand(key));
    case 'aws-jwt-verify':
      return middleware(awsByHand(key));
    default:
      return undefined;
  }
}

/** The Express app of one contender. */
export async function expressApp(
  name: HttpContender,
  key: PublicKey,
  jwksUri: string,
  probe: Probe,
): Promise<Express> {
  const app = express().disable('x-powered-by').disable('etag');
  const handler = await handlerOf(name, key, jwksUri);
  app.use((_req, _res, next) => {
    probe.enter();
    next();
  });
  if (handler !== undefined) app.use(handler);
  app.get('/', (_req, res) => {
    probe.leave();
    res.json({ ok: true });
  });
  const refused: express.ErrorRequestHandler = (_error, _req, res, _next) => {
    res.status(401).end();
  };
  return app.use(refused);
}
