import type { Authenticator } from './authenticator.js';
import type { AuthOptions } from './config/options.js';
import { parseErrorResponse } from './config/mode.js';
import { refusalResponse, type ErrorResponse, type RefusalResponse } from './error-response.js';
import { AuthError, ConfigError, defaultRealm, isAuthError, reworded } from './errors.js';
import { isPromise, type MaybePromise } from './maybe-promise.js';
import { reported } from './on-refused.js';
import type { AuthRequest } from './request.js';
import type { Decision } from './session.js';
import { authenticatorFrom, type HasuraAuthOptions } from './shared-authenticator.js';
import { toError } from './to-error.js';

/** What a framework does with a request that is not accepted. */
export interface RefusalOutcomes<Result> {
  /** The request is refused: send this response, and let no later handler run. */
  refuse(response: RefusalResponse): Result;
  /** The framework's own error handling takes over. Whatever went wrong, this is an Error. */
  forward(error: Error): Result;
}

/** What a framework does next. Exactly one of these is called for each request. */
export interface Outcomes<Value, Result> extends RefusalOutcomes<Result> {
  /** The request is accepted: go on to the next handler. */
  accept(value: Value): Result;
}

/**
 * The framework-independent half of an adapter: decides requests, renders refusals. It names no header, no role and no
 * token.
 */
export interface Adapter {
  /** The one that decides. */
  readonly authenticator: Authenticator;
  /** Whether the authenticator was made here, so that the adapter closes it. */
  readonly owned: boolean;
  /**
   * Decides a request and calls the one outcome that follows: at once if nothing has to be waited for, else later.
   * Returns what the outcome returns. What an outcome throws goes to `forward`.
   */
  handle<Result>(request: AuthRequest, outcomes: Outcomes<Decision, Result>): MaybePromise<Result>;
  /** The same for a guard after it: `check` throws what the request is refused for. */
  guard: Guard;
  /** The same for an AuthError, or any other error, that was thrown elsewhere: a resolver, an error handler. */
  refuse<Result>(
    error: unknown,
    request: AuthRequest,
    outcomes: RefusalOutcomes<Result>,
  ): MaybePromise<Result>;
}

/** Runs a check of an accepted request, and calls the one outcome that follows. */
export type Guard = <Result>(
  check: () => MaybePromise<void>,
  request: AuthRequest,
  outcomes: Outcomes<void, Result>,
) => MaybePromise<Result>;

/**
 * Throws the ConfigError of a factory that a framework calls as a handler, as in `app.use(hasuraAuth)`: a framework
 * passes more than the one argument that the factory takes.
 *
 * @example
 * export const hasuraAuth = (options?: HasuraAuthOptions, ...more: readonly never[]) => {
 *   refuseAsHandler('hasuraAuth', more);
 *   return middlewareOf(authenticatorFrom(options));
 * };
 */
export function refuseAsHandler(name: string, more: readonly unknown[]): void {
  if (more.length === 0) return;
  throw new ConfigError(
    name,
    `it makes a handler and is not one itself; call it, as in app.use(${name}())`,
  );
}

interface RefusalStyle {
  readonly style: ErrorResponse;
  readonly realm: string;
}

/** Whether an error has the status and the headers of a refusal; what carries the brand alone may have any. */
function isRefusal(error: unknown): error is AuthError {
  return error instanceof AuthError || (isAuthError(error) && toError(error) === error);
}

/** The response to what was thrown; undefined if it goes to the framework, as every error but a refusal does. */
function responseTo(
  error: unknown,
  request: AuthRequest,
  { style }: RefusalStyle,
): MaybePromise<RefusalResponse | undefined> {
  return isRefusal(error) ? refusalResponse(error, style, request) : undefined;
}

/** What was thrown, as an error for the framework's handler. */
function forwarded(thrown: unknown): Error {
  let error = thrown;
  try {
    if (isAuthError(thrown)) error = reworded(thrown, { quoted: '' });
  } catch {
    // the refusal of another version, of which not all can be read
  }
  return toError(error); // what looks like a refusal may be anything
}

function forward<Result>(thrown: unknown, outcomes: RefusalOutcomes<Result>): Result {
  return outcomes.forward(forwarded(thrown));
}

/** A response that was ended before, or a header that HTTP does not allow, is an error of the app. */
function accept<Value, Result>(value: Value, outcomes: Outcomes<Value, Result>): Result {
  try {
    return outcomes.accept(value);
  } catch (thrown) {
    return forward(thrown, outcomes);
  }
}

function send<Result>(
  error: unknown,
  response: RefusalResponse | undefined,
  outcomes: RefusalOutcomes<Result>,
): Result {
  if (response === undefined) return forward(error, outcomes);
  try {
    return outcomes.refuse(response);
  } catch (thrown) {
    return forward(thrown, outcomes);
  }
}

function refuse<Result>(
  thrown: unknown,
  request: AuthRequest,
  refusalStyle: RefusalStyle,
  outcomes: RefusalOutcomes<Result>,
): MaybePromise<Result> {
  let error = thrown;
  let response;
  try {
    if (isAuthError(thrown)) error = reworded(thrown, { realm: refusalStyle.realm });
    response = responseTo(error, request, refusalStyle);
  } catch (mistake) {
    return forward(mistake, outcomes);
  }
  if (!isPromise(response)) return send(error, response, outcomes);
  return response.then(
    (later) => send(error, later, outcomes),
    (mistake: unknown) => forward(mistake, outcomes),
  );
}

/** Runs `decide` and calls the one outcome that follows. Only here are sync and async cases distinguished. */
function settle<Value, Result>(
  decide: () => MaybePromise<Value>,
  request: AuthRequest,
  refusalStyle: RefusalStyle,
  outcomes: Outcomes<Value, Result>,
): MaybePromise<Result> {
  let decided;
  try {
    decided = decide();
  } catch (thrown) {
    return refuse(thrown, request, refusalStyle, outcomes);
  }
  if (!isPromise(decided)) return accept(decided, outcomes);
  return decided.then(
    (value) => accept(value, outcomes),
    (thrown: unknown) => refuse(thrown, request, refusalStyle, outcomes),
  );
}

/**
 * Reads an adapter's options: those of `hasuraAuth`, or nothing, to read the environment. `defaults` has the framework's
 * logger, if it has one.
 *
 * @throws ConfigError that names the option and what was expected.
 * @example
 * const { handle } = createAdapter(options);
 * return (req, res, next) =>
 *   handle(req, {
 *     accept({ session }) {
 *       req.hasura = session;
 *       next();
 *     },
 *     refuse: ({ status, body }) => res.status(status).send(body),
 *     forward: next,
 *   });
 */
export function createAdapter(
  given?: HasuraAuthOptions,
  defaults: Pick<AuthOptions, 'logger'> = {},
): Adapter {
  const { authenticator, owned } = authenticatorFrom(given, defaults);
  const style = parseErrorResponse(given?.errorResponse, authenticator.errorResponse);
  const refusalStyle = { style, realm: authenticator.realm };
  return {
    authenticator,
    owned,
    handle: (request, outcomes) =>
      settle(() => authenticator.decide(request), request, refusalStyle, outcomes),
    guard: (check, request, outcomes) =>
      settle(
        () => reported(check, (error) => authenticator.reportRefusal(error, request)),
        request,
        refusalStyle,
        outcomes,
      ),
    refuse: (error, request, outcomes) => refuse(error, request, refusalStyle, outcomes),
  };
}

const byDefault: RefusalStyle = { style: 'http', realm: defaultRealm };

/**
 * The guard of a request whose session did not come from an adapter, such as one that a test has set: in the default
 * style.
 *
 * @example
 * void guardByDefault(() => check(session), request, { accept: next, refuse: send, forward: next });
 */
export const guardByDefault: Guard = (check, request, outcomes) =>
  settle(check, request, byDefault, outcomes);

export { optionNames } from './config/env.js';
export { parseJsonPath, showJsonPath, type JsonPath } from './jwt/json-path.js';
export { keySetReports } from './config/key-set-reports.js';
export type { Freshness } from './freshness.js';
export type { KeySetReport, PublishedKeyReport } from './config/key-set-reports.js';
export { authenticatorFrom, type OwnedAuthenticator } from './shared-authenticator.js';
export { withDeadline } from './http-request.js';
export { isWithinBounds } from './connection/handshake.js';
export { createHookEndpoint, type HookEndpoint } from './hook-endpoint/index.js';
export { createLogoutEndpoint, type LogoutEndpoint } from './logout-endpoint.js';
export type { EndpointResponse } from './hook-endpoint/response.js';
export type { RefusalResponse } from './error-response.js';
export { count, flag, functionOr, recordOf } from './option-checks.js';
export { parseRuntime, type Runtime } from './runtime.js';
export { presentSession, roleGuard, sessionGuard } from './guards.js';
export { isPromise, type MaybePromise } from './maybe-promise.js';
export { inheritingError, toError } from './to-error.js';
export { withValues, type HeaderValue } from './header-checks.js';
