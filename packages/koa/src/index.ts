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
  inheritingError,
  presentSession,
  refuseAsHandler,
  roleGuard,
  sessionGuard,
  toError,
  withValues,
  type Adapter,
  type EndpointResponse,
  type HeaderValue,
  type Outcomes,
} from '@hasura-auth/core/adapter';
import type { Context, Middleware, Next } from 'koa';

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

/** What `hasuraAuth` puts into `ctx.state`. */
export interface HasuraState {
  /** The session of this request; absent if `hasuraAuth` did not run. */
  hasura?: Session;
}

declare module 'koa' {
  interface DefaultState {
    /** The session of this request; absent if `hasuraAuth` did not run. */
    hasura?: Session;
  }
}

/** The middleware, with the authenticator behind it. */
export interface HasuraAuth extends Middleware<HasuraState> {
  /** The authenticator, such as for `ready()` and `close()`. */
  readonly authenticator: Authenticator;
}

/** The middleware of an auth hook, with the authenticator behind it. */
export interface AuthHookHandler extends Middleware {
  /** What decides, such as for `ready()` and `close()`; undefined if a function of the app does. */
  readonly authenticator: Authenticator | undefined;
}

/** Under which an adapter is kept on the context, so that a guard refuses in the style of the app. */
const adapterOf: unique symbol = Symbol.for('@hasura-auth/koa/adapter');

type HandledContext = Pick<
  Context,
  'request' | 'set' | 'append' | 'status' | 'body' | 'onerror'
> & {
  state: HasuraState;
  [adapterOf]?: Adapter;
};

function send(
  ctx: Pick<HandledContext, 'set' | 'append' | 'status' | 'body'>,
  { status, headers, body }: EndpointResponse,
): void {
  ctx.status = status;
  ctx.body = body;
  for (const [name, value] of Object.entries(headers))
    if (typeof value === 'string') ctx.set(name, value);
    else ctx.append(name, value);
}

function outcomes<Value>(
  ctx: HandledContext,
  accept: (value: Value) => Promise<unknown>,
): Outcomes<Value, Promise<unknown> | undefined> {
  return {
    accept,
    refuse(response) {
      send(ctx, response);
      return undefined;
    },
    forward(error) {
      throw settable(error);
    },
  };
}

/** An error for Koa's error handler, which sets `status` on it and throws if that cannot be set, such as a getter. */
function settable(error: Error & { status?: unknown }): Error {
  const { status } = error;
  try {
    if (!('status' in error) || Reflect.set(error, 'status', status)) return error;
  } catch {
    // a setter that throws
  }
  return inheritingError(error, { status });
}

type AddedHeaders = readonly (readonly [name: string, value: string])[];

/** The headers that an error brings, with more of them. Names in lower case, since it may have them in any. */
function withHeaders(
  error: Error & { headers?: Readonly<Record<string, HeaderValue>> | null },
  added: AddedHeaders,
): Record<string, HeaderValue> {
  const headers: Record<string, HeaderValue> = {};
  for (const [name, value] of Object.entries(error.headers ?? {}))
    headers[name.toLowerCase()] = value;
  for (const [name, value] of added) {
    const known = name.toLowerCase();
    headers[known] = withValues(headers[known], value);
  }
  return headers;
}

/**
 * Koa's error handler removes every response header other than those that the error brings, so the error of a later
 * handler has to bring those of the decision. They are one client's: the app's own error may be a constant, and never
 * gets them.
 */
function keepHeaders(ctx: HandledContext, added: AddedHeaders): void {
  const { onerror } = ctx;
  ctx.onerror = (thrown: unknown) => {
    if (thrown === null || thrown === undefined) return; // as Koa itself does: nothing went wrong
    const error = toError(thrown);
    onerror.call(ctx, inheritingError(error, { headers: withHeaders(error, added) }));
  };
}

/**
 * Resolves each request to a session on `ctx.state.hasura`, or refuses it. Without options the `HASURA_GRAPHQL_*`
 * variables are read. Throws a ConfigError if the options are wrong.
 *
 * @example
 * app.use(hasuraAuth({ adminSecret: false, jwtSecret: { jwk_url, audience: 'my-api' } }));
 */
export function hasuraAuth(options?: HasuraAuthOptions, ...more: readonly never[]): HasuraAuth {
  refuseAsHandler('hasuraAuth', more);
  const adapter = createAdapter(options);
  const { handle, authenticator } = adapter;
  function hasuraAuth(ctx: HandledContext, next: Next): Promise<unknown> | undefined {
    ctx[adapterOf] = adapter;
    return handle(
      ctx.request,
      outcomes(ctx, ({ session, headers }) => {
        for (const [name, value] of headers) ctx.append(name, value);
        if (headers.length > 0) keepHeaders(ctx, headers);
        ctx.state.hasura = session;
        return next();
      }),
    );
  }
  return Object.assign(hasuraAuth, { authenticator });
}

/** Runs a check of the session, and goes on or refuses in the style of the app's `errorResponse`. */
function guarded(
  check: () => MaybePromise<void>,
  ctx: HandledContext,
  next: Next,
): Promise<unknown> | undefined {
  const guard = ctx[adapterOf]?.guard ?? guardByDefault;
  return guard(check, ctx.request, outcomes(ctx, next));
}

/**
 * Lets only sessions with one of the roles pass, and `admin` always. A session without credentials is answered with 401
 * and its challenge, any other with 403, in the style of the app's `errorResponse`. If `hasuraAuth` did not run before
 * it, it throws an Error. Throws a ConfigError without roles.
 *
 * @example
 * app.use(requireRole('editor'));
 */
export function requireRole(...roles: readonly Role[]): Middleware<HasuraState> {
  const check = roleGuard(roles);
  return function requireRole(ctx: HandledContext, next: Next) {
    return guarded(() => check(ctx.state.hasura), ctx, next);
  };
}

/**
 * Lets only sessions with credentials pass: others get 401 and its challenge. With a predicate, a session for which it
 * is false gets 403; it may be async, and may throw an AuthError. The rest is as for `requireRole`.
 *
 * @example
 * app.use(requireSession());
 * app.use(requireSession((session, request) => mayRead(session, request.path)));
 */
export function requireSession(
  predicate?: (session: Session, request: Context['request']) => MaybePromise<boolean>,
  ...more: readonly never[]
): Middleware<HasuraState> {
  refuseAsHandler('requireSession', more);
  const check = sessionGuard(predicate);
  return function requireSession(ctx: HandledContext, next: Next) {
    return guarded(() => check(ctx.state.hasura, ctx.request), ctx, next);
  };
}

/**
 * Makes the app a Hasura auth hook (GET and POST), or an endpoint for nginx's `auth_request` and gateways like it
 * (`answer: 'headers'`). A POST needs a JSON body parser before it. Throws a ConfigError if the options are wrong.
 *
 * @example
 * router.all('/auth', bodyParser(), authHookHandler());
 */
export function authHookHandler(
  options?: AuthHookHandlerOptions,
  ...more: readonly never[]
): AuthHookHandler {
  refuseAsHandler('authHookHandler', more);
  const { respond, authenticator } = createHookEndpoint(options);
  const authHookHandler: Middleware = async function authHookHandler(ctx) {
    const response = await respond(ctx.request).catch((error) => {
      throw settable(toError(error));
    });
    send(ctx, response);
  };
  return Object.assign(authHookHandler, { authenticator });
}

/**
 * Receives the logout tokens that a provider posts (OpenID Connect Back-Channel Logout 1.0), and revokes the tokens that
 * they are about. Register it before `hasuraAuth`: the provider sends no credentials. A body parser is not needed. Throws
 * a ConfigError if the options are wrong.
 *
 * @example
 * router.post('/back-channel-logout', backChannelLogoutHandler({ authenticator, audience: 'my-client-id' }));
 */
export function backChannelLogoutHandler(
  options: BackChannelLogoutHandlerOptions,
  ...more: readonly never[]
): Middleware {
  refuseAsHandler('backChannelLogoutHandler', more);
  const endpoint = createLogoutEndpoint(options);
  return async function backChannelLogoutHandler(ctx) {
    send(ctx, await endpoint.respond(ctx.request, ctx.req));
  };
}

/**
 * The session of a request that `hasuraAuth` accepted. Throws an Error if it did not run.
 *
 * @example
 * app.use((ctx) => { ctx.body = sessionOf(ctx).sessionVariables; });
 */
export function sessionOf(ctx: { readonly state: HasuraState }): Session {
  return presentSession(ctx.state.hasura);
}
