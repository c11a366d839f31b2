import type {
  AuthHookHandlerOptions,
  Authenticator,
  BackChannelLogoutHandlerOptions,
  HasuraAuthOptions,
  MaybePromise,
  Role,
  Session,
} from '@hasura-auth/core';
import {
  createAdapter,
  createHookEndpoint,
  createLogoutEndpoint,
  guardByDefault,
  presentSession,
  refuseAsHandler,
  roleGuard,
  sessionGuard,
  toError,
  withValues,
  type Adapter,
  type EndpointResponse,
  type Outcomes,
} from '@hasura-auth/core/adapter';
import type { Request } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';

// All that an app needs of core, so that this package and its framework are all that is installed. The types come by a
// star, so that an app may augment `HasuraTypes` under this package's name.
export type * from '@hasura-auth/core';
export {
  arrayVariable,
  assertRole,
  AuthError,
  ConfigError,
  createAuthenticator,
  deny,
  isAuthError,
  optionsFromEnv,
  presets,
  requireVariable,
} from '@hasura-auth/core';

declare global {
  // The name under which Express's types let a request be augmented.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Request {
      /** The session of this request; absent if `hasuraAuth` did not run. */
      hasura?: Session;
    }
  }
}

/** A request as far as the handlers here read it. */
interface HandledRequest extends IncomingMessage {
  hasura?: Session;
}

/**
 * A handler for `app.use` and for routes. It names no parameters, body or query, so that the handlers beside it keep the
 * types that Express finds for the route.
 */
export type HasuraHandler = (
  req: HandledRequest,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** The middleware, with the authenticator behind it. */
export interface HasuraAuth extends HasuraHandler {
  /** The authenticator, such as for `ready()` and `close()`. */
  readonly authenticator: Authenticator;
}

/** The handler of an auth hook, with the authenticator behind it. */
export interface AuthHookHandler extends HasuraHandler {
  /** What decides, such as for `ready()` and `close()`; undefined if a function of the app does. */
  readonly authenticator: Authenticator | undefined;
}

/**
 * Under which an adapter is kept on `res.locals`, so that a guard refuses in the style of the app. Express gives every
 * request a prototype of its app's, and so a shape of its own: V8 would take 4 µs for each new member of `req`.
 */
const adapterOf: unique symbol = Symbol.for('@hasura-auth/express/adapter');

type Locals = ServerResponse & { locals?: { [adapterOf]?: Adapter } };

/** As Node itself names it. Node would report a second end as an event that nobody listens to, which ends the process. */
function sentBefore(): Error {
  const code = 'ERR_HTTP_HEADERS_SENT';
  return Object.assign(new Error('another response was sent before'), { code });
}

/**
 * Responds through Node's own response, so that headers set before (CORS) stay and both majors of Express behave alike.
 */
function send(res: ServerResponse, { status, headers, body }: EndpointResponse): void {
  if (res.headersSent || res.writableEnded) throw sentBefore();
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers))
    res.setHeader(name, typeof value === 'string' ? value : withValues(res.getHeader(name), value));
  res.end(body);
}

function outcomes<Value>(
  res: ServerResponse,
  next: (error?: unknown) => void,
  accept: (value: Value) => void,
): Outcomes<Value, void> {
  return {
    accept,
    refuse: (response) => send(res, response),
    forward: next,
  };
}

/**
 * Resolves each request to a session on `req.hasura`, or refuses it. Without options the `HASURA_GRAPHQL_*` variables
 * are read. Throws a ConfigError if the options are wrong.
 *
 * @example
 * app.use(hasuraAuth({ adminSecret: false, jwtSecret: { jwk_url, audience: 'my-api' } }));
 */
export function hasuraAuth(options?: HasuraAuthOptions, ...more: readonly never[]): HasuraAuth {
  refuseAsHandler('hasuraAuth', more);
  const adapter = createAdapter(options);
  const { handle, authenticator } = adapter;
  const hasuraAuth: HasuraHandler = function hasuraAuth(req, res, next) {
    ((res as Locals).locals ??= {})[adapterOf] = adapter; // Express itself gives every response its locals
    void handle(
      req,
      outcomes(res, next, ({ session, headers }) => {
        for (const [name, value] of headers)
          res.setHeader(name, withValues(res.getHeader(name), value));
        req.hasura = session;
        next();
      }),
    );
  };
  return Object.assign(hasuraAuth, { authenticator });
}

/** Runs a check of the session, and goes on or refuses in the style of the app's `errorResponse`. */
function guarded(
  check: (req: HandledRequest) => MaybePromise<void>,
  [req, res, next]: Parameters<HasuraHandler>,
): void {
  const guard = (res as Locals).locals?.[adapterOf]?.guard ?? guardByDefault;
  void guard(
    () => check(req),
    req,
    outcomes(res, next, () => next()),
  );
}

/**
 * Lets only sessions with one of the roles pass, and `admin` always. A session without credentials is answered with 401
 * and its challenge, any other with 403, in the style of the app's `errorResponse`. If `hasuraAuth` did not run before
 * it, an Error goes to the error middleware. Throws a ConfigError without roles.
 *
 * @example
 * app.delete('/articles/:id', requireRole('editor'), deleteArticle);
 */
export function requireRole(...roles: readonly Role[]): HasuraHandler {
  const check = roleGuard(roles);
  return function requireRole(req, res, next) {
    guarded(({ hasura }) => check(hasura), [req, res, next]);
  };
}

/**
 * Lets only sessions with credentials pass: others get 401 and its challenge. With a predicate, a session for which it
 * is false gets 403; it may be async, and may throw an AuthError. The rest is as for `requireRole`.
 *
 * @example
 * app.use('/account', requireSession());
 * app.put('/orgs/:id', requireSession((session, req) => mayEdit(session, req.params.id)), saveOrg);
 */
export function requireSession(
  predicate?: (session: Session, req: Request) => MaybePromise<boolean>,
  ...more: readonly never[]
): HasuraHandler {
  refuseAsHandler('requireSession', more);
  const check = sessionGuard(predicate);
  return function requireSession(req, res, next) {
    guarded(({ hasura }) => check(hasura, req as Request), [req, res, next]); // Express passes no other
  };
}

/**
 * Makes the app a Hasura auth hook (GET and POST), or an endpoint for nginx's `auth_request` and gateways like it
 * (`answer: 'headers'`). A POST needs `express.json()` before it. Throws a ConfigError if the options are wrong.
 *
 * @example
 * app.use('/auth', express.json(), authHookHandler());
 */
export function authHookHandler(
  options?: AuthHookHandlerOptions,
  ...more: readonly never[]
): AuthHookHandler {
  refuseAsHandler('authHookHandler', more);
  const { respond, authenticator } = createHookEndpoint(options);
  const authHookHandler: HasuraHandler = function authHookHandler(req, res, next) {
    respond(req)
      .then((response) => send(res, response))
      // What fails while it is sent (a response that another middleware has ended) is an error of the app, too.
      .catch((error: unknown) => {
        next(toError(error));
      });
  };
  return Object.assign(authHookHandler, { authenticator });
}

/**
 * Receives the logout tokens that a provider posts (OpenID Connect Back-Channel Logout 1.0), and revokes the tokens that
 * they are about. Register it before `hasuraAuth`: the provider sends no credentials. A body parser is not needed. Throws
 * a ConfigError if the options are wrong.
 *
 * @example
 * app.post('/back-channel-logout', backChannelLogoutHandler({ authenticator, audience: 'my-client-id' }));
 */
export function backChannelLogoutHandler(
  options: BackChannelLogoutHandlerOptions,
  ...more: readonly never[]
): HasuraHandler {
  refuseAsHandler('backChannelLogoutHandler', more);
  const endpoint = createLogoutEndpoint(options);
  return function backChannelLogoutHandler(req, res, next) {
    endpoint
      .respond(req, req)
      .then((response) => send(res, response))
      // What fails while it is sent (a response that another middleware has ended) is an error of the app, too.
      .catch((error: unknown) => {
        next(toError(error));
      });
  };
}

/**
 * The session of a request that `hasuraAuth` accepted. Throws an Error if it did not run.
 *
 * @example
 * app.get('/me', (req, res) => res.json(sessionOf(req).sessionVariables));
 */
export function sessionOf(req: { readonly hasura?: Session }): Session {
  return presentSession(req.hasura);
}
