import type { Authenticator } from '../authenticator.js';
import { authenticatorFrom, type HasuraAuthOptions } from '../shared-authenticator.js';
import { AuthError, ConfigError, isAuthError, reworded } from '../errors.js';
import { isRecord, type Members } from '../json.js';
import type { MaybePromise } from '../maybe-promise.js';
import { kindOf, oneOf, recordOf } from '../option-checks.js';
import { anyRequest, encodedHeader, type AuthRequest, type RequestView } from '../request.js';
import { emptyHeaders } from '../request-headers.js';
import { decision, type Decision } from '../session.js';
import { readHookBody } from '../webhook/response.js';
import {
  acceptingResponse,
  notACall,
  refusingResponse,
  type EndpointForm,
  type EndpointResponse,
} from './response.js';

/** A client's request, as an auth hook receives it from an engine or a gateway. */
export interface AuthHookRequest {
  /** The client's headers, names in lower case, values as text. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The client's GraphQL request, as an engine sends it to a POST hook: `{query, operationName, variables}`, a list of
   * these, or null. It is passed on unchecked: the caller of the hook is responsible for it.
   */
  readonly request: unknown;
}

function headerRecord(view: RequestView): Record<string, string> {
  const headers = emptyHeaders();
  for (const [name, value] of view.headers()) headers[name] = value;
  return headers;
}

/** Headers that are text, such as those in a JSON body, in the form in which HTTP delivers them. */
function encodedRecord(headers: Readonly<Record<string, string>>): Record<string, string> {
  const encoded = emptyHeaders();
  for (const [name, value] of Object.entries(headers)) encoded[name] = encodedHeader(value);
  return encoded;
}

function isTexts(record: Members): record is Record<string, string> {
  return Object.values(record).every((value) => typeof value === 'string');
}

/** A gateway, and the caller of a GET hook, send the client's headers as those of the call. */
function requestInHeaders(call: AuthRequest): AuthHookRequest {
  return { headers: headerRecord(anyRequest(call)), request: null };
}

/**
 * The caller of a POST hook sends the client's headers in the body; the call's own headers are not the client's.
 * Undefined if the body has another form. Throws if no parser has read the body.
 */
function requestInBody({ body }: AuthRequest): AuthHookRequest | undefined {
  if (body === undefined)
    throw new Error(
      'authHookHandler: the body of a POST was not parsed; register a JSON body parser before the handler',
    );
  if (!isRecord(body) || !isRecord(body['headers'])) return undefined;
  const { headers, request = null } = body;
  if (!isTexts(headers)) return undefined;
  return { headers: headerRecord(anyRequest({ headers: encodedRecord(headers) })), request };
}

/** An app's own function behind an auth hook. */
export interface AuthHookFunction {
  /**
   * Authenticates a client. Returns the session variables: an object of strings that has `x-hasura-role` and, if the
   * session ends, `Cache-Control` (`max-age=…`) or `Expires` (an HTTP date). Returns undefined for a 401. If it throws an
   * AuthError, the client is refused; if it throws anything else, or returns an object of another form, the framework gets
   * an error.
   *
   * @example
   * resolve: ({ headers }) => ({ 'x-hasura-role': 'user', 'x-hasura-user-id': headers['x-user'] ?? '' })
   */
  readonly resolve: (
    request: AuthHookRequest,
  ) => MaybePromise<Readonly<Record<string, string>> | undefined>;
}

/** The form of the responses of an auth hook. */
export interface AuthHookForm {
  /**
   * `hasura` (default): 200 with the session variables as JSON, or 401, for both modes of an engine's auth hook.
   * `headers`: 200 with a response header for each session variable, 401 or 403, for nginx's `auth_request` and similar
   * gateways; a variable that no header can carry unchanged is an error. Another value is a ConfigError. Not in Hasura.
   */
  readonly answer?: EndpointForm | undefined;
}

/** The options of `authHookHandler`: those of `hasuraAuth` (`errorResponse` has no effect), or a function of the app. */
export type AuthHookHandlerOptions = AuthHookForm & (HasuraAuthOptions | AuthHookFunction);

/** An app as an auth hook, without its framework. */
export interface HookEndpoint {
  /** What decides, such as for `ready()` and `close()`; undefined if a function of the app does. */
  readonly authenticator: Authenticator | undefined;
  /** The response to a call; refusals are responses too. Rejects with whatever fails in the app itself. */
  readonly respond: (call: AuthRequest) => Promise<EndpointResponse>;
}

interface Source {
  readonly decide: (request: AuthHookRequest) => MaybePromise<Decision>;
  /** The clock by which sessions end, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Absent for a function, whose AuthErrors name their own protection space. */
  readonly authenticator?: Authenticator;
}

function byFunction({ resolve }: AuthHookFunction): Source {
  const now = (): number => Date.now();
  const decide = async (request: AuthHookRequest): Promise<Decision> => {
    const returned = await resolve(request);
    if (returned === undefined) throw new AuthError('hook-unauthorized');
    const body = readHookBody(returned, now());
    const mistake = (problem: string): Error =>
      new Error(`authHookHandler: what resolve returned cannot be sent: ${problem}`);
    if (body.kind === 'unreadable') throw mistake(body.problem);
    const { role, variables, expiry } = body;
    if (role === undefined) throw mistake('it contains no x-hasura-role');
    if (expiry.unreadable.length > 0)
      throw mistake(`${expiry.unreadable.join(' and ')} cannot be read`);
    return decision({ role, variables, method: 'webhook', expiresAt: expiry.expiresAt });
  };
  return { decide, now };
}

function byAuthenticator(options: HasuraAuthOptions | undefined): Source {
  const { authenticator } = authenticatorFrom(options);
  return {
    decide: ({ headers, request }) =>
      authenticator.decide({ headers: encodedRecord(headers), body: request }),
    now: authenticator.now,
    authenticator,
  };
}

function sourceOf(options: HasuraAuthOptions | AuthHookFunction): Source {
  if (!('resolve' in options))
    return byAuthenticator(Reflect.ownKeys(options).length === 0 ? undefined : options);
  recordOf(options, ['resolve'], 'options');
  if (typeof options.resolve === 'function') return byFunction(options);
  throw new ConfigError('resolve', `expected a function, got ${kindOf(options.resolve)}`);
}

/**
 * Makes an auth hook of an app, for an adapter. A POST in the engine's form has the client's request in its body; every
 * other call, and every call of a gateway, in its headers. Without options, the `HASURA_GRAPHQL_*` variables are read.
 * Throws a ConfigError.
 *
 * @example
 * const { respond } = createHookEndpoint(options);
 * const { status, headers, body } = await respond(request);
 */
export function createHookEndpoint(options: AuthHookHandlerOptions = {}): HookEndpoint {
  const { answer, ...rest } = options;
  const form = oneOf(answer, ['hasura', 'headers'], 'answer', 'hasura');
  const { decide, now, authenticator } = sourceOf(rest);
  const challenge = authenticator === undefined ? {} : { realm: authenticator.realm };
  const isInBody = ({ method }: AuthRequest): boolean => form === 'hasura' && method === 'POST';

  return {
    authenticator,
    async respond(call) {
      const request = isInBody(call) ? requestInBody(call) : requestInHeaders(call);
      if (request === undefined) return notACall;
      try {
        return acceptingResponse(await decide(request), form, now());
      } catch (error) {
        if (isAuthError(error)) return refusingResponse(reworded(error, challenge), form);
        throw error;
      }
    },
  };
}
