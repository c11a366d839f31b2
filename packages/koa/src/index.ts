import type {
  AuthHookHandlerOptions,
  Authenticator,
  HasuraAuthOptions,
  Session,
} from '@hasura-auth/core';
import {
  createAdapter,
  createHookEndpoint,
  guardByDefault,
  presentSession,
  roleGuard,
  toError,
  type Adapter,
  type Outcomes,
} from '@hasura-auth/core/adapter';
import type { Context, Middleware, Next } from 'koa';

/** What `hasuraAuth` puts into `ctx.state`. */
export interface HasuraState {
  /** The session of this request; absent where `hasuraAuth` did not run. */
  hasura?: Session;
}

declare module 'koa' {
  interface DefaultState {
    /** The session of this request; absent where `hasuraAuth` did not run. */
    hasura?: Session;
  }
}

/** The middleware, with the authenticator behind it. */
export interface HasuraAuth extends Middleware<HasuraState> {
  readonly authenticator: Authenticator;
}

/** Under which an adapter is kept on the context, so that a guard refuses in the style of the app. */
const adapterOf: unique symbol = Symbol.for('@hasura-auth/koa/adapter');

type HandledContext = Pick<Context, 'request' | 'set' | 'append' | 'status' | 'body'> & {
  state: HasuraState;
  [adapterOf]?: Adapter;
};

function outcomes<Value>(
  ctx: HandledContext,
  accept: (value: Value) => Promise<unknown>,
): Outcomes<Value, Promise<unknown> | undefined> {
  return {
    accept,
    refuse({ status, headers, body }) {
      ctx.status = status;
      ctx.body = body;
      for (const [name, value] of Object.entries(headers))
        if (typeof value === 'string') ctx.set(name, value);
        else ctx.append(name, value);
      return undefined;
    },
    forward(error) {
      throw error;
    },
  };
}

/**
 * Resolves each request to a session on `ctx.state.hasura`, or refuses it. Without options the `HASURA_GRAPHQL_*`
 * variables are read. Throws a ConfigError where the options are wrong.
 */
export function hasuraAuth(options?: HasuraAuthOptions): HasuraAuth {
  const adapter = createAdapter(options);
  const { handle, authenticator } = adapter;
  function hasuraAuth(ctx: HandledContext, next: Next): Promise<unknown> | undefined {
    ctx[adapterOf] = adapter;
    return handle(
      ctx.request,
      outcomes(ctx, ({ session, headers }) => {
        for (const [name, value] of headers) ctx.append(name, value);
        ctx.state.hasura = session;
        return next();
      }),
    );
  }
  return Object.assign(hasuraAuth, { authenticator });
}

/** Lets only sessions with one of the roles pass; refuses in the style of the app's `errorResponse`. */
export function requireRole(...roles: readonly string[]): Middleware<HasuraState> {
  const check = roleGuard(roles);
  return function requireRole(ctx: HandledContext, next: Next) {
    const guard = ctx[adapterOf]?.guard ?? guardByDefault;
    return guard(() => check(ctx.state.hasura), ctx.request, outcomes(ctx, next));
  };
}

/**
 * Makes the app a Hasura auth hook (GET and POST), or an endpoint for nginx's `auth_request` and gateways like it
 * (`answer: 'headers'`). A POST needs a JSON body parser before it. Throws a ConfigError where the options are wrong.
 */
export function authHookHandler(options?: AuthHookHandlerOptions): Middleware {
  const endpoint = createHookEndpoint(options);
  return async function authHookHandler(ctx) {
    const { status, headers, added, body } = await endpoint.answer(ctx.request).catch((error) => {
      throw toError(error);
    });
    ctx.status = status;
    ctx.body = body;
    ctx.set(headers);
    for (const [name, value] of added) ctx.append(name, value);
  };
}

/** The session of a request that `hasuraAuth` let pass. Throws where it did not run. */
export function sessionOf(ctx: { readonly state: HasuraState }): Session {
  return presentSession(ctx.state.hasura);
}
