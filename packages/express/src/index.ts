import {
  createGate,
  createHookEndpoint,
  presentSession,
  refuseByDefault,
  roleGuard,
  type AuthHookHandlerOptions,
  type Authenticator,
  type Decision,
  type Gate,
  type HasuraAuthOptions,
  type Session,
} from '@hasura-auth/core';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

declare global {
  // The name under which Express's types let a request be augmented.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Request {
      /** The session of this request; absent where `hasuraAuth` did not run. */
      hasura?: Session;
    }
  }
}

/** The middleware, with the authenticator behind it. */
export interface HasuraAuth extends RequestHandler {
  readonly authenticator: Authenticator;
}

/** Which gate a request came through, so that `requireRole` answers in the same style. */
const gateOf: unique symbol = Symbol.for('@hasura-auth/express/gate');

type GatedRequest = Request & { [gateOf]?: Gate };

/** What all copies of this module in a process know, as ES module or CommonJS. */
interface Known {
  /** Whether a gate refuses otherwise than by default, so that a guard may have to know which one a request came through. */
  gatesDiffer: boolean;
}

const knownBy: unique symbol = Symbol.for('@hasura-auth/express/known');
const known = ((globalThis as { [knownBy]?: Known })[knownBy] ??= { gatesDiffer: false });

/** Answers through Node's own response, so that headers set before (CORS) stay and both majors of Express behave alike. */
function refuse(
  gate: Pick<Gate, 'refuse'>,
  error: unknown,
  req: Request,
  res: Response,
  next: NextFunction,
): void {
  const answer = gate.refuse(error, req);
  if (answer === undefined) {
    next(error);
    return;
  }
  res.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
  res.end(answer.body);
}

function accept(
  { session, headers }: Decision,
  req: GatedRequest,
  res: Response,
  next: NextFunction,
): void {
  for (const [name, value] of headers) res.appendHeader(name, value);
  req.hasura = session;
  next();
}

/**
 * Resolves each request to a session on `req.hasura`, or refuses it. Without options the `HASURA_GRAPHQL_*` variables
 * are read. Throws a ConfigError where the options are wrong.
 */
export function hasuraAuth(options?: HasuraAuthOptions): HasuraAuth {
  const gate = createGate(options);
  known.gatesDiffer ||= !gate.refusesByDefault;
  function hasuraAuth(req: GatedRequest, res: Response, next: NextFunction): void {
    // Express gives every request a prototype of its app's and so a shape of its own: V8 takes 4 µs for each new member.
    if (known.gatesDiffer) req[gateOf] = gate;
    let decided;
    try {
      decided = gate.resolve(req);
    } catch (error) {
      refuse(gate, error, req, res, next);
      return;
    }
    if (decided instanceof Promise)
      decided
        .then(
          (later) => {
            accept(later, req, res, next);
          },
          (error: unknown) => {
            refuse(gate, error, req, res, next);
          },
        )
        // What fails while it answers (the app's own errorResponse, a response that was ended before) is the app's to see.
        .catch(next);
    else accept(decided, req, res, next);
  }
  return Object.assign(hasuraAuth, { authenticator: gate.authenticator });
}

/** Lets only sessions with one of the roles pass; refuses in the style of the app's `errorResponse`. */
export function requireRole(...roles: readonly string[]): RequestHandler {
  const check = roleGuard(roles);
  return function requireRole(req: GatedRequest, res, next) {
    try {
      check(req.hasura);
    } catch (error) {
      refuse(req[gateOf] ?? { refuse: refuseByDefault }, error, req, res, next);
      return;
    }
    next();
  };
}

/**
 * Makes the app a Hasura auth hook (GET and POST), or an endpoint for nginx's `auth_request` and gateways like it
 * (`answer: 'headers'`). A POST needs `express.json()` before it. Throws a ConfigError where the options are wrong.
 */
export function authHookHandler(options?: AuthHookHandlerOptions): RequestHandler {
  const endpoint = createHookEndpoint(options);
  return function authHookHandler(req, res, next) {
    endpoint.answer(req).then(({ status, headers, added, body }) => {
      res.statusCode = status;
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      for (const [name, value] of added) res.appendHeader(name, value);
      res.end(body);
    }, next);
  };
}

/** The session of a request that `hasuraAuth` let pass. Throws where it did not run. */
export function sessionOf(req: { readonly hasura?: Session }): Session {
  return presentSession(req.hasura);
}
