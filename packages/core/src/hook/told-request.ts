import { isRecord } from '../json.js';
import { anyRequest, type AuthRequest, type RequestView } from '../request.js';

/** The request of a client as an auth hook is told of it. */
export interface ToldRequest {
  /** The client's headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The client's GraphQL request, as the engine sends it to a POST hook: `{query, operationName, variables}`, a list of
   * them, or null. Whoever calls the hook vouches for it; it is not checked here.
   */
  readonly request: unknown;
}

function recordOf(view: RequestView): Readonly<Record<string, string>> {
  const headers = Object.create(null) as Record<string, string>; // a null prototype has no member yet
  for (const [name, value] of view.headers()) headers[name] = value;
  return headers;
}

/** What a gateway or a GET hook's caller tells: the headers of the call are the client's. */
export function toldInHeaders(call: AuthRequest): ToldRequest {
  return { headers: recordOf(anyRequest(call)), request: null };
}

/**
 * What a POST hook's caller tells: the client's headers are in the body, and those of the call itself are nobody's.
 * Undefined where the body is not of that form. Throws where no parser has read the body.
 */
export function toldInBody({ body }: AuthRequest): ToldRequest | undefined {
  if (body === undefined)
    throw new Error(
      'authHookHandler: a POST came here without a parsed body; put a JSON body parser before it',
    );
  if (!isRecord(body) || !isRecord(body['headers'])) return undefined;
  const { headers, request = null } = body;
  const values = Object.values(headers);
  if (!values.every((value) => typeof value === 'string')) return undefined;
  const told = headers as Readonly<Record<string, string>>; // each value has been looked at
  return { headers: recordOf(anyRequest({ headers: told })), request };
}
