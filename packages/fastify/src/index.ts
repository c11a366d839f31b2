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

/** Which gate stands before a scope, so that `requireRole` answers in the same style. */
const gateOf: unique symbol = Symbol.for('@hasura-auth/fastify/gate');

type GatedInstance = FastifyInstance & { [gateOf]?: Gate };
type Done = (error?: Error) => void;

function refuse(
  gate: Pick<Gate, 'refuse'>,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  done: Done,
): void {
  const answer = gate.refuse(error, request);
  if (answer === undefined)
    done(error as Error); // Fastify hands on whatever was thrown
  else reply.code(answer.status).headers(answer.headers).send(answer.body);
}

function accept(
  { session, headers }: Decision,
  request: FastifyRequest,
  reply: FastifyReply,
  done: Done,
): void {
  for (const [name, value] of headers) reply.header(name, value);
  request.hasura = session;
  done();
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
  const gate = createGate(withoutRegisterOptions(options), { logger: fastify.log });
  const { authenticator } = gate;
  if (options.awaitKeys === true) await authenticator.ready();

  const authenticate: onRequestHookHandler = function hasuraAuth(request, reply, done) {
    if (request.routeOptions.config.hasuraAuth === false) {
      done();
      return;
    }
    let decided;
    try {
      decided = gate.resolve(request);
    } catch (error) {
      refuse(gate, error, request, reply, done);
      return;
    }
    if (decided instanceof Promise)
      decided
        .then(
          (later) => {
            accept(later, request, reply, done);
          },
          (error: unknown) => {
            refuse(gate, error, request, reply, done);
          },
        )
        .catch(done); // what fails while it answers (the app's own errorResponse) is the app's to see
    else accept(decided, request, reply, done);
  };

  fastify.decorate('hasuraAuth', authenticator);
  (fastify as GatedInstance)[gateOf] = gate;
  fastify.decorateRequest('hasura', null);
  fastify.addHook(authenticator.needsBody ? 'preValidation' : 'onRequest', authenticate);
  if (gate.owned) fastify.addHook('onClose', () => authenticator.close());
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
    try {
      check(request.hasura);
    } catch (error) {
      const gate = (request.server as GatedInstance)[gateOf] ?? { refuse: refuseByDefault };
      refuse(gate, error, request, reply, done);
      return;
    }
    done();
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
    const { status, headers, added, body } = await endpoint.answer(request);
    reply.code(status).headers(headers);
    for (const [name, value] of added) reply.header(name, value);
    return reply.send(body);
  };
}

/** The session of a request that `hasuraAuth` let pass. Throws where it did not run. */
export function sessionOf(request: { readonly hasura: Session | null }): Session {
  return presentSession(request.hasura);
}
