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

/** Which gate a request came through, so that `requireRole` answers in the same style. */
const gateOf: unique symbol = Symbol.for('@hasura-auth/koa/gate');

type GatedContext = Pick<Context, 'request' | 'set' | 'append' | 'status' | 'body'> & {
  state: HasuraState;
  [gateOf]?: Gate;
};

function refuse(gate: Pick<Gate, 'refuse'>, error: unknown, ctx: GatedContext): void {
  const answer = gate.refuse(error, ctx.request);
  if (answer === undefined) throw error;
  ctx.status = answer.status;
  ctx.body = answer.body;
  ctx.set(answer.headers);
}

function accept({ session, headers }: Decision, ctx: GatedContext, next: Next): Promise<unknown> {
  for (const [name, value] of headers) ctx.append(name, value);
  ctx.state.hasura = session;
  return next();
}

/**
 * Resolves each request to a session on `ctx.state.hasura`, or refuses it. Without options the `HASURA_GRAPHQL_*`
 * variables are read. Throws a ConfigError where the options are wrong.
 */
export function hasuraAuth(options?: HasuraAuthOptions): HasuraAuth {
  const gate = createGate(options);
  function hasuraAuth(ctx: GatedContext, next: Next): Promise<unknown> | undefined {
    ctx[gateOf] = gate;
    let decided;
    try {
      decided = gate.resolve(ctx.request);
    } catch (error) {
      refuse(gate, error, ctx);
      return undefined;
    }
    if (!(decided instanceof Promise)) return accept(decided, ctx, next);
    return decided.then(
      (later) => accept(later, ctx, next),
      (error: unknown) => {
        refuse(gate, error, ctx);
      },
    );
  }
  return Object.assign(hasuraAuth, { authenticator: gate.authenticator });
}

/** Lets only sessions with one of the roles pass; refuses in the style of the app's `errorResponse`. */
export function requireRole(...roles: readonly string[]): Middleware<HasuraState> {
  const check = roleGuard(roles);
  return function requireRole(ctx: GatedContext, next: Next) {
    try {
      check(ctx.state.hasura);
    } catch (error) {
      refuse(ctx[gateOf] ?? { refuse: refuseByDefault }, error, ctx);
      return undefined;
    }
    return next();
  };
}

/**
 * Makes the app a Hasura auth hook (GET and POST), or an endpoint for nginx's `auth_request` and gateways like it
 * (`answer: 'headers'`). A POST needs a JSON body parser before it. Throws a ConfigError where the options are wrong.
 */
export function authHookHandler(options?: AuthHookHandlerOptions): Middleware {
  const endpoint = createHookEndpoint(options);
  return async function authHookHandler(ctx) {
    const { status, headers, added, body } = await endpoint.answer(ctx.request);
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
