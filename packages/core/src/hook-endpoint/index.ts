import { isRecord } from '../json.js';
import { anyRequest, encodedHeader, type AuthRequest, type RequestView } from '../request.js';
import { kindOf, oneOf, recordOf } from '../option-checks.js';
import { AuthError, ConfigError, isAuthError } from '../errors.js';
import { authenticatorFrom, type HasuraAuthOptions } from '../authenticator.js';
import { grant, notACall, refusal, type EndpointForm, type EndpointReply } from './response.js';
import { readHookAnswer } from '../webhook/response.js';
import type { MaybePromise } from '../maybe-promise.js';
import { decision, type Decision } from '../session.js';

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

function headerRecord(view: RequestView): Readonly<Record<string, string>> {
  const headers = Object.create(null) as Record<string, string>; // a null prototype has no member yet
  for (const [name, value] of view.headers()) headers[name] = value;
  return headers;
}

/** Headers that are text, such as those in a JSON body, in the form in which HTTP brings them. */
function encodedRecord(headers: Readonly<Record<string, string>>): Record<string, string> {
  const encoded = Object.create(null) as Record<string, string>; // a null prototype has no member yet
  for (const [name, value] of Object.entries(headers)) encoded[name] = encodedHeader(value);
  return encoded;
}

/** What a gateway or a GET hook's caller tells: the headers of the call are the client's. */
export function toldInHeaders(call: AuthRequest): ToldRequest {
  return { headers: headerRecord(anyRequest(call)), request: null };
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
  return { headers: headerRecord(anyRequest({ headers: encodedRecord(told) })), request };
}

/** The app's own answer to a hook's call: session variables by name, or undefined for 401. */
export interface AuthHookFunction {
  /**
   * Says who a client is: an object of strings with `x-hasura-role` among them, and, where the answer ends, `Expires` (an
   * HTTP date) or `Cache-Control` (`max-age=…`). Undefined refuses; a thrown AuthError refuses in its own way; anything
   * else thrown, or an answer of another shape, goes to the framework as an error.
   */
  readonly resolve: (
    told: ToldRequest,
  ) => MaybePromise<Readonly<Record<string, string>> | undefined>;
}

/** Which answer a hook endpoint gives. */
export interface AuthHookAnswer {
  /**
   * `hasura` (default): JSON session variables with 200, or 401, for an engine's auth hook in both of its modes.
   * `headers`: 200 with a response header for each session variable, 401 or 403, for nginx's `auth_request` and gateways
   * like it; a variable that no header can carry unchanged is an error. Anything else is a ConfigError. Ours.
   */
  readonly answer?: EndpointForm;
}

/** What `authHookHandler` takes: what `hasuraAuth` takes (`errorResponse` then means nothing), or the app's own function. */
export type AuthHookHandlerOptions = AuthHookAnswer & (HasuraAuthOptions | AuthHookFunction);

/** An auth hook made of this app. */
export interface HookEndpoint {
  /** The answer to a call. Rejects with what went wrong in the app itself; a refusal is an answer. */
  answer(call: AuthRequest): Promise<EndpointReply>;
}

interface Source {
  readonly decide: (told: ToldRequest) => MaybePromise<Decision>;
  readonly now: () => number;
}

function byFunction({ resolve }: AuthHookFunction): Source {
  const decide = async (told: ToldRequest): Promise<Decision> => {
    const answered = await resolve(told);
    if (answered === undefined) throw new AuthError('hook-unauthorized');
    const answer = readHookAnswer(answered, Date.now());
    const mistake = (problem: string): Error =>
      new Error(`authHookHandler: what resolve answered cannot be sent: ${problem}`);
    if (answer.kind === 'unreadable') throw mistake(answer.problem);
    const { role, variables, expiry } = answer;
    if (role === undefined) throw mistake('there is no x-hasura-role in it');
    if (expiry.unreadable.length > 0)
      throw mistake(`${expiry.unreadable.join(' and ')} cannot be read`);
    return decision({ role, variables, method: 'webhook', expiresAt: expiry.expiresAt });
  };
  return { decide, now: Date.now };
}

function byAuthenticator(options: HasuraAuthOptions | undefined): Source {
  const { authenticator } = authenticatorFrom(options);
  return {
    decide: ({ headers, request }) =>
      authenticator.decide({ headers: encodedRecord(headers), body: request }),
    now:
      (options !== undefined && 'runtime' in options ? options.runtime?.now : undefined) ??
      Date.now,
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
 * Makes an auth hook of this app. A POST in the engine's form tells of the client in its body; every other call, and
 * every call of a gateway, in its own headers. Without options the `HASURA_GRAPHQL_*` variables are read. Throws a
 * ConfigError.
 */
export function createHookEndpoint(options: AuthHookHandlerOptions = {}): HookEndpoint {
  const { answer, ...rest } = options;
  const form = oneOf(answer, ['hasura', 'headers'], 'answer', 'hasura');
  const { decide, now } = sourceOf(rest);
  const isInBody = ({ method }: AuthRequest): boolean => form === 'hasura' && method === 'POST';

  return {
    async answer(call) {
      const told = isInBody(call) ? toldInBody(call) : toldInHeaders(call);
      if (told === undefined) return notACall;
      try {
        return grant(await decide(told), form, now());
      } catch (error) {
        if (isAuthError(error)) return refusal(error, form);
        throw error;
      }
    },
  };
}
