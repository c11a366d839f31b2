import { withValues, type EndpointResponse } from '@hasura-auth/core/adapter';
import type { FastifyReply } from 'fastify';

/**
 * Of a reply of Fastify, what the types of the handlers here name: nothing that depends on the server (HTTP/2), the route or
 * a type provider, so that they fit every route.
 */
export interface HandledReply {
  readonly sent: boolean;
}

/** Sets a header; Fastify would add a cookie to those that are there. */
function setHeader(reply: FastifyReply, name: string, value: string | string[]): void {
  reply.removeHeader(name);
  reply.header(name, value);
}

/** Adds to a header in a list of its own: Fastify adds a cookie to the very list that the app gave, maybe a constant. */
export function addHeader(
  reply: FastifyReply,
  name: string,
  more: string | readonly string[],
): void {
  setHeader(reply, name, withValues(reply.getHeader(name), more));
}

/** Sends a response. Headers that were set before (CORS) stay. */
export function send(
  reply: FastifyReply,
  { status, headers, body }: EndpointResponse,
): FastifyReply {
  reply.code(status);
  for (const [name, value] of Object.entries(headers))
    if (typeof value === 'string') setHeader(reply, name, value);
    else addHeader(reply, name, value);
  return reply.send(body);
}
