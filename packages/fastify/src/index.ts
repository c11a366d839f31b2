import {
  ConfigError,
  type Authenticator,
  type HasuraAuthOptions,
  type MaybePromise,
  type Role,
  type Session,
} from '@hasura-auth/core';
import {
  createAdapter,
  flag,
  guardByDefault,
  presentSession,
  refuseAsHandler,
  roleGuard,
  sessionGuard,
  type Adapter,
  type Outcomes,
} from '@hasura-auth/core/adapter';
import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
} from 'fastify';
import fp from 'fastify-plugin';
import { addHeader, send, type HandledReply } from './reply.js';

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

export { authHookHandler, backChannelLogoutHandler, type AuthHookHandler } from './endpoints.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The authenticator behind the plugin. */
    hasuraAuth: Authenticator;
  }
  interface FastifyRequest {
    /** The session of this request; null if `hasuraAuth` did not run. */
    hasura: Session | null;
  }
  interface FastifyContextConfig {
    /** False leaves the route out: it is reached without a session. */
    hasuraAuth?: boolean;
  }
}

/** Options of the plugin. */
export type HasuraAuthPluginOptions = HasuraAuthOptions & {
  /** Whether registering waits until every remote key set is there, and fails if one is not. Default false. */
  readonly awaitKeys?: boolean;
};

/** What a registration of the plugin leaves on its scope, for guards and for registrations in scopes within. */
interface Registration {
  /** So that a guard refuses in the style of the app. */
  readonly adapter: Adapter;
  /** When requests are authenticated. */
  readonly hook: 'onRequest' | 'preValidation';
}

const registration: unique symbol = Symbol.for('@hasura-auth/fastify/registration');

type Scope = FastifyInstance & { [registration]?: Registration };

/** Whether something is an instance of Fastify, and not the options of an app that has called the plugin. */
function isInstance(value: unknown): boolean {
  return typeof (value as Partial<FastifyInstance> | null | undefined)?.addHook === 'function';
}

/**
 * Of a request of Fastify, what the types of the handlers here name: nothing that depends on the server (HTTP/2), the route
 * or a type provider, so that they fit every route.
 */
interface HandledRequest {
  readonly hasura: Session | null;
}
type Done = (error?: Error) => void;

function outcomes<Value>(
  reply: FastifyReply,
  done: Done,
  accept: (value: Value) => void,
): Outcomes<Value, void> {
  return {
    accept,
    refuse: (response) => void send(reply, response),
    forward: done,
  };
}

/** What `register` itself reads and passes to every plugin. */
const registerOptions = ['prefix', 'logLevel', 'logSerializers'];

function withoutRegisterOptions(given: object): HasuraAuthOptions | undefined {
  const own = Reflect.ownKeys(given).filter(
    (key) => !registerOptions.includes(String(key)) && key !== 'awaitKeys',
  );
  if (own.length === 0) return undefined;
  const options = given as Readonly<Record<PropertyKey, unknown>>;
  return Object.fromEntries(own.map((key) => [key, options[key]])); // the same members, checked by core
}

/** Says what `register` does not do, and what Fastify would say in words of its own. */
function checkRegistration(fastify: FastifyInstance, options: object): void {
  if (Object.hasOwn(fastify, registration))
    throw new ConfigError(
      'hasuraAuth',
      'it is registered twice in one scope; register it once, and again only in a scope within, which is then stricter',
    );
  if ('prefix' in options)
    fastify.log.warn(
      "hasuraAuth: register's option prefix has no effect on it, so that every route of this scope is protected; register it in a scope that has the prefix",
    );
}

async function register(fastify: FastifyInstance, options: HasuraAuthPluginOptions): Promise<void> {
  checkRegistration(fastify, options);
  const awaitsKeys = flag(options.awaitKeys, 'awaitKeys', false);
  const adapter = createAdapter(withoutRegisterOptions(options), { logger: fastify.log });
  const { authenticator, handle, owned } = adapter;
  if (owned) fastify.addHook('onClose', () => authenticator.close());
  if (awaitsKeys) await authenticator.ready();

  const authenticate: onRequestHookHandler = function hasuraAuth(request, reply, done) {
    if (request.routeOptions.config.hasuraAuth === false) {
      done();
      return;
    }
    void handle(
      request,
      outcomes(reply, done, ({ session, headers }) => {
        for (const [name, value] of headers) addHeader(reply, name, value);
        // Of two sessions that of the innermost scope stays, also if it was decided first: Fastify runs the hooks of a scope
        // that was registered before those of this one earlier.
        const { [registration]: innermost }: Scope = request.server;
        if (innermost?.adapter === adapter || !request.hasura) request.hasura = session;
        done();
      }),
    );
  };

  const scope: Scope = fastify;
  // After a registration in a scope around this one, so that of two sessions the one of this scope stays.
  const isLate = authenticator.needsBody || scope[registration]?.hook === 'preValidation';
  const hook = isLate ? 'preValidation' : 'onRequest';
  scope[registration] = { adapter, hook };
  fastify.decorate('hasuraAuth', authenticator);
  if (!fastify.hasRequestDecorator('hasura')) fastify.decorateRequest('hasura', null);
  fastify.addHook(hook, authenticate);
}

// Not async: what calls it by mistake gets the sentence at once, and not an unhandled rejection.
const plugin: FastifyPluginAsync<HasuraAuthPluginOptions> = (fastify, options) => {
  if (!isInstance(fastify))
    throw new ConfigError(
      'hasuraAuth',
      'it is a plugin: do not call it, and pass its options to register, as in app.register(hasuraAuth, { … })',
    );
  return register(fastify, options);
};

/**
 * Resolves each request of its scope to a session on `request.hasura`, or refuses it before its body is parsed. Without
 * options the `HASURA_GRAPHQL_*` variables are read. Registering fails with a ConfigError if the options are wrong.
 *
 * @example
 * await app.register(hasuraAuth, { adminSecret: false, jwtSecret: { jwk_url, audience: 'my-api' } });
 */
export const hasuraAuth: FastifyPluginAsync<HasuraAuthPluginOptions> = fp(plugin, {
  fastify: '5.x',
  name: '@hasura-auth/fastify',
});
export default hasuraAuth;

/** A preHandler, or any other hook that runs after the plugin's own. */
type Guarding = (request: HandledRequest, reply: HandledReply, done: Done) => void;

/** Runs a check of the session, and goes on or refuses in the style of the app's `errorResponse`. */
function guarded(
  check: (request: FastifyRequest) => MaybePromise<void>,
  [handled, handledReply, done]: Parameters<Guarding>,
): void {
  const [request, reply] = [handled as FastifyRequest, handledReply as FastifyReply]; // Fastify passes no other
  const guard = (request.server as Scope)[registration]?.adapter.guard ?? guardByDefault;
  void guard(
    () => check(request),
    request,
    outcomes(reply, done, () => done()),
  );
}

/**
 * A preHandler that lets only sessions with one of the roles pass, and `admin` always. A session without credentials is
 * answered with 401 and its challenge, any other with 403, in the style of the app's `errorResponse`. If `hasuraAuth`
 * did not run before it, an Error goes to the error handler. Throws a ConfigError without roles.
 *
 * @example
 * app.delete('/articles/:id', { preHandler: requireRole('editor') }, deleteArticle);
 */
export function requireRole(...roles: readonly Role[]): Guarding {
  const check = roleGuard(roles);
  return function requireRole(request, reply, done) {
    guarded(({ hasura }) => check(hasura), [request, reply, done]);
  };
}

/**
 * A preHandler that lets only sessions with credentials pass: others get 401 and its challenge. With a predicate, a
 * session for which it is false gets 403; it may be async, and may throw an AuthError. The rest is as for
 * `requireRole`.
 *
 * @example
 * app.get('/account', { preHandler: requireSession() }, showAccount);
 * app.addHook('preHandler', requireSession((session, request) => mayRead(session, request.url)));
 */
export function requireSession(
  predicate?: (session: Session, request: FastifyRequest) => MaybePromise<boolean>,
  ...more: readonly never[]
): Guarding {
  refuseAsHandler('requireSession', more);
  const check = sessionGuard(predicate);
  return function requireSession(handled, reply, done) {
    guarded((request) => check(request.hasura, request), [handled, reply, done]);
  };
}

/**
 * The session of a request that `hasuraAuth` accepted. Throws an Error if it did not run.
 *
 * @example
 * app.get('/me', (request) => sessionOf(request).sessionVariables);
 */
export function sessionOf(request: { readonly hasura: Session | null }): Session {
  return presentSession(request.hasura);
}
