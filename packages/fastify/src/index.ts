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
import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
} from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** The authenticator behind the plugin. */
    hasuraAuth: Authenticator;
  }
  interface FastifyRequest {
    /** The session of this request; null where `hasuraAuth` did not run. */
    hasura: Session | null;
  }
  interface FastifyContextConfig {
    /** False leaves the route out: it is reached without a session. */
    hasuraAuth?: boolean;
  }
}

/** Options of the plugin. */
export type HasuraAuthPluginOptions = HasuraAuthOptions & {
  /** Whether registering waits until every remote key set is there, and fails where one is not. Default false. */
  readonly awaitKeys?: boolean;
};

/** Under which an adapter is kept on its scope, so that a guard refuses in the style of the app. */
const adapterOf: unique symbol = Symbol.for('@hasura-auth/fastify/adapter');

type AdaptedInstance = FastifyInstance & { [adapterOf]?: Adapter };
type Done = (error?: Error) => void;

function outcomes<Value>(
  reply: FastifyReply,
  done: Done,
  accept: (value: Value) => void,
): Outcomes<Value, void> {
  return {
    accept,
    refuse({ status, headers, body }) {
      reply.code(status);
      for (const [name, value] of Object.entries(headers))
        if (typeof value === 'string') reply.header(name, value);
        // Fastify adds to this header, and would replace any other.
        else for (const one of value) reply.header(name, one);
      reply.send(body);
    },
    forward: done,
  };
}

/** What `register` itself understands and hands to every plugin. */
const registerOptions = ['prefix', 'logLevel', 'logSerializers'];

function withoutRegisterOptions(given: object): HasuraAuthOptions | undefined {
  const own = Reflect.ownKeys(given).filter(
    (key) => !registerOptions.includes(String(key)) && key !== 'awaitKeys',
  );
  if (own.length === 0) return undefined;
  const options = given as Readonly<Record<PropertyKey, unknown>>;
  return Object.fromEntries(own.map((key) => [key, options[key]])); // the same members, checked by core
}

const plugin: FastifyPluginAsync<HasuraAuthPluginOptions> = async (fastify, options) => {
  const adapter = createAdapter(withoutRegisterOptions(options), { logger: fastify.log });
  const { authenticator, handle, owned } = adapter;
  if (options.awaitKeys === true) await authenticator.ready();

  const authenticate: onRequestHookHandler = function hasuraAuth(request, reply, done) {
    if (request.routeOptions.config.hasuraAuth === false) {
      done();
      return;
    }
    void handle(
      request,
      outcomes(reply, done, ({ session, headers }) => {
        for (const [name, value] of headers) reply.header(name, value);
        request.hasura = session;
        done();
      }),
    );
  };

  fastify.decorate('hasuraAuth', authenticator);
  (fastify as AdaptedInstance)[adapterOf] = adapter;
  fastify.decorateRequest('hasura', null);
  fastify.addHook(authenticator.needsBody ? 'preValidation' : 'onRequest', authenticate);
  if (owned) fastify.addHook('onClose', () => authenticator.close());
};

/**
 * Resolves each request of its scope to a session on `request.hasura`, or refuses it before its body is parsed. Without
 * options the `HASURA_GRAPHQL_*` variables are read. Registering fails with a ConfigError where the options are wrong.
 */
export const hasuraAuth: FastifyPluginAsync<HasuraAuthPluginOptions> = fp(plugin, {
  fastify: '5.x',
  name: '@hasura-auth/fastify',
});
export default hasuraAuth;

/** A preHandler that lets only sessions with one of the roles pass; refuses in the style of the app's `errorResponse`. */
export function requireRole(
  ...roles: readonly string[]
): (request: FastifyRequest, reply: FastifyReply, done: Done) => void {
  const check = roleGuard(roles);
  return function requireRole(request, reply, done) {
    const guard = (request.server as AdaptedInstance)[adapterOf]?.guard ?? guardByDefault;
    void guard(
      () => check(request.hasura),
      request,
      outcomes(reply, done, () => done()),
    );
  };
}

/**
 * A route handler that makes the app a Hasura auth hook (GET and POST), or an endpoint for nginx's `auth_request` and
 * gateways like it (`answer: 'headers'`). Throws a ConfigError where the options are wrong.
 */
export function authHookHandler(
  options?: AuthHookHandlerOptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const endpoint = createHookEndpoint(options);
  return async function authHookHandler(request, reply) {
    const { status, headers, added, body } = await endpoint.answer(request).catch((error) => {
      throw toError(error);
    });
    reply.code(status).headers(headers);
    for (const [name, value] of added) reply.header(name, value);
    return reply.send(body);
  };
}

/** The session of a request that `hasuraAuth` let pass. Throws where it did not run. */
export function sessionOf(request: { readonly hasura: Session | null }): Session {
  return presentSession(request.hasura);
}
