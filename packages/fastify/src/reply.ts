import type { EndpointResponse } from '@hasura-auth/core/adapter';
import type { FastifyReply } from 'fastify';

/**
 * Of a reply of Fastify, what the types of the handlers here name: nothing that depends on the server (HTTP/2), the route or
 * a type provider, so that they fit every route.
 */
export interface HandledReply {
  readonly sent: boolean;
}

/** The values that a header has already; none for `Set-Cookie`, to which Fastify itself adds instead of replacing it. */
function othersOf(reply: FastifyReply, name: string): readonly string[] {
  if (name.toLowerCase() === 'set-cookie') return [];
  return [reply.getHeader(name) ?? []].flat().map(String);
}

/** Sends a response. Headers that were set before (CORS) stay. */
export function send(
  reply: FastifyReply,
  { status, headers, body }: EndpointResponse,
): FastifyReply {
  reply.code(status);
  for (const [name, value] of Object.entries(headers))
    if (typeof value === 'string') reply.header(name, value);
    else reply.header(name, [...othersOf(reply, name), ...value]);
  return reply.send(body);
}
