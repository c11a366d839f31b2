import type {
  Authenticator,
  AuthHookHandlerOptions,
  AuthRequest,
  BackChannelLogoutHandlerOptions,
} from '@hasura-auth/core';
import {
  createHookEndpoint,
  createLogoutEndpoint,
  refuseAsHandler,
  toError,
} from '@hasura-auth/core/adapter';
import type { FastifyReply } from 'fastify';
import { send, type HandledReply } from './reply.js';

/** The route handler of an auth hook. */
export interface AuthHookHandler {
  (request: AuthRequest, reply: HandledReply): Promise<void>;
  /** What decides, such as for `ready()` and `close()`; undefined if a function of the app does. */
  readonly authenticator: Authenticator | undefined;
}

/**
 * A route handler that makes the app a Hasura auth hook (GET and POST), or an endpoint for nginx's `auth_request` and
 * gateways like it (`answer: 'headers'`). Throws a ConfigError if the options are wrong.
 *
 * @example
 * app.route({ method: ['GET', 'POST'], url: '/auth', handler: authHookHandler() });
 */
export function authHookHandler(
  options?: AuthHookHandlerOptions,
  ...more: readonly never[]
): AuthHookHandler {
  refuseAsHandler('authHookHandler', more);
  const { respond, authenticator } = createHookEndpoint(options);
  const authHookHandler = async (
    request: AuthRequest,
    handledReply: HandledReply,
  ): Promise<void> => {
    const reply = handledReply as FastifyReply; // Fastify passes no other
    const response = await respond(request).catch((error) => {
      throw toError(error);
    });
    await send(reply, response); // which a handler that returns nothing waits for
  };
  return Object.assign(authHookHandler, { authenticator });
}

/**
 * A route handler that receives the logout tokens that a provider posts (OpenID Connect Back-Channel Logout 1.0), and
 * revokes the tokens that they are about. Set `config: { hasuraAuth: false }` on its route: the provider sends no
 * credentials. Fastify needs a parser of forms, such as `@fastify/formbody`. Throws a ConfigError if the options are wrong.
 *
 * @example
 * const config = { hasuraAuth: false };
 * app.post('/back-channel-logout', { config }, backChannelLogoutHandler({ authenticator, audience: 'my-client-id' }));
 */
export function backChannelLogoutHandler(
  options: BackChannelLogoutHandlerOptions,
  ...more: readonly never[]
): (request: AuthRequest, reply: HandledReply) => Promise<void> {
  refuseAsHandler('backChannelLogoutHandler', more);
  const endpoint = createLogoutEndpoint(options);
  return async function backChannelLogoutHandler(request, handledReply) {
    // Fastify passes no other reply, and waits until it is sent.
    await send(handledReply as FastifyReply, await endpoint.respond(request));
  };
}
