import { isRecord } from '../json.js';
import type { AuthRequest } from '../request.js';

/** A GraphQL request as the engine hands it to its webhook: members that the client left out, or sent as null, are absent. */
export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** One request, a batch of them, or null where the client sent none that can be read. */
export type GraphqlPayload = GraphqlRequest | readonly GraphqlRequest[] | null;

function readOne(value: unknown): GraphqlRequest | undefined {
  if (!isRecord(value)) return undefined;
  const { query, operationName = null, variables = null } = value;
  if (typeof query !== 'string') return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== null && !isRecord(variables)) return undefined;
  return {
    query,
    ...(operationName !== null && { operationName }),
    ...(variables !== null && { variables }),
  };
}

function ofBody(body: unknown): GraphqlPayload {
  if (!Array.isArray(body)) return readOne(body) ?? null;
  const requests = body.map(readOne);
  // One that cannot be read makes all of them null: a hook must not decide on a part of what will run.
  return requests.every((request) => request !== undefined) ? requests : null;
}

function parsed(json: string | null): unknown {
  if (json === null) return null;
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // no value of a request's `variables`, so that null is sent
  }
}

function ofUrl(url: string): GraphqlPayload {
  const at = url.indexOf('?');
  if (at === -1) return null;
  const parameters = new URLSearchParams(url.slice(at + 1));
  const variables = parsed(parameters.get('variables'));
  if (variables === undefined) return null;
  return (
    readOne({
      query: parameters.get('query'),
      operationName: parameters.get('operationName'),
      variables,
    }) ?? null
  );
}

/**
 * The GraphQL request of a client, as GraphQL servers read it: from the query part of the address for GET and HEAD, whose
 * body no server runs, and from the parsed body for everything else. A body that is none leaves the address.
 */
export function graphqlRequest({ method, body, url = '' }: AuthRequest): GraphqlPayload {
  const inUrlOnly = method === 'GET' || method === 'HEAD';
  return (inUrlOnly ? null : ofBody(body)) ?? ofUrl(url);
}
