import { isRecord } from '../json.js';
import type { AuthRequest, RequestView } from '../request.js';
import type { Logger } from '../runtime.js';
import type { HookConfig } from './options.js';

/** A GraphQL request as the engine sends it to its webhook: without members that the client left out, or sent as null. */
export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** One request, a batch of them, or null if the client sent none that can be read. */
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

function inBody(body: unknown): GraphqlPayload {
  if (!Array.isArray(body)) return readOne(body) ?? null;
  const requests = body.map(readOne);
  // One that cannot be read makes all of them null: a hook must not decide on a part of what will be executed.
  return requests.every((request) => request !== undefined) ? requests : null;
}

function parsed(json: string | null): unknown {
  if (json === null) return null;
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // is no value of a request's `variables`, so that null is sent
  }
}

function inUrl(url: string): GraphqlPayload {
  const at = url.indexOf('?');
  if (at === -1) return null;
  const parameters = new URLSearchParams(url.slice(at + 1));
  const variables = parsed(parameters.get('variables'));
  if (variables === undefined) return null;
  const query = parameters.get('query');
  return readOne({ query, operationName: parameters.get('operationName'), variables }) ?? null;
}

/** Methods whose body no GraphQL server reads. */
const isWithoutBody = (method: string | undefined): boolean =>
  method === 'GET' || method === 'HEAD';

/**
 * The GraphQL request of a client, as GraphQL servers read it: from the query string for GET and HEAD, and otherwise from
 * the parsed body. Beside a body that cannot be read, or that no parser has read yet, a query string may name another
 * query than the one that will be executed, so it counts for other methods only where the caller names no method and there
 * is no body. Throws what reading the body throws.
 */
export function graphqlRequest({ method, body, url = '' }: AuthRequest): GraphqlPayload {
  const isInUrl = isWithoutBody(method) || (method === undefined && (body ?? null) === null);
  return isInUrl ? inUrl(url) : inBody(body);
}

const json = /^application\/(?:[\w.+-]+\+)?json\b/i;

/** Whether a request announces a JSON body that no parser has read yet. */
function isUnparsed(request: RequestView): boolean {
  const { method, body } = request.source;
  return (
    body === undefined &&
    !isWithoutBody(method) &&
    (request.header('transfer-encoding') !== undefined ||
      Number(request.header('content-length')) > 0) &&
    json.test(request.header('content-type') ?? '')
  );
}

/** Warns once if a hook that is sent the GraphQL request is called before any body parser ran. */
export function warnOfUnparsedBody(
  { mode, sendRequestBody }: HookConfig,
  logger: Logger,
): (request: RequestView) => void {
  let isWatching = mode === 'POST' && sendRequestBody;
  return (request) => {
    if (!isWatching || !isUnparsed(request)) return;
    isWatching = false;
    logger.warn(
      'authHook: no body parser had read the JSON body of a request, so the hook received "request": null; register the parser before hasuraAuth, or set authHook.sendRequestBody to false',
    );
  };
}
