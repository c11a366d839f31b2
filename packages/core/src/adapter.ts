import { createAuthenticator, type Authenticator } from './authenticator.js';
import { optionsFromEnv } from './config/env.js';
import { parseErrorResponse } from './config/mode.js';
import type { AuthOptions } from './config/options.js';
import { answerRefusal, type ErrorResponse, type RefusalAnswer } from './error-response.js';
import { AuthError, ConfigError, isAuthError } from './errors.js';
import { isRecord } from './json.js';
import type { MaybePromise } from './maybe-promise.js';
import { recordOf } from './option-checks.js';
import type { AuthRequest } from './request.js';
import type { Decision, Session } from './session.js';

/** An authenticator that several apps share, and how this app answers refusals (default: as the authenticator does). */
export interface SharedAuthenticator {
  readonly authenticator: Authenticator;
  readonly errorResponse?: ErrorResponse;
}

/** What an adapter's `hasuraAuth` takes: options, a shared authenticator, or nothing, to read the environment. */
export type HasuraAuthOptions =
  (AuthOptions & { readonly authenticator?: never }) | SharedAuthenticator;

/** What an adapter stands on: a request resolved, a refusal worded. It names no header, no role and no token. */
export interface Gate {
  readonly authenticator: Authenticator;
  /** Whether the authenticator was made here, so that closing it is the adapter's to do. */
  readonly owned: boolean;
  /** Whether it answers as `refuseByDefault` does, so that a guard after it need not know it. */
  readonly refusesByDefault: boolean;
  /** The decision on a request; a refusal is thrown or rejected. */
  resolve(request: AuthRequest): MaybePromise<Decision>;
  /** What to answer; undefined where the error goes to the framework, as every error but a refusal does. */
  refuse(error: unknown, request: AuthRequest): RefusalAnswer | undefined;
}

/** The style of an app that asks for none. */
const defaultStyle = 'http';

/** Tells the two kinds of options apart; what has an authenticator must have a real one, and nothing that it would hide. */
function isShared(options: HasuraAuthOptions): options is SharedAuthenticator {
  if (!isRecord(options)) throw new ConfigError('options', 'expected an object');
  if (!('authenticator' in options)) return false;
  recordOf(options, ['authenticator', 'errorResponse'], 'options');
  const { authenticator } = options;
  if (isRecord(authenticator) && typeof authenticator['resolve'] === 'function') return true;
  throw new ConfigError('authenticator', 'expected what createAuthenticator returns');
}

/** Reads an adapter's options. Throws a ConfigError. */
export function createGate(
  given?: HasuraAuthOptions,
  defaults: Pick<AuthOptions, 'logger'> = {},
): Gate {
  const options = given ?? optionsFromEnv();
  const shared = isShared(options);
  const authenticator = shared
    ? options.authenticator
    : createAuthenticator({ ...defaults, ...options });
  const style = parseErrorResponse(options.errorResponse, authenticator.errorResponse);
  return {
    authenticator,
    owned: !shared,
    refusesByDefault: style === defaultStyle,
    resolve: (request) => authenticator.resolve(request),
    refuse: (error, request) => answerOrForward(error, style, request),
  };
}

function answerOrForward(
  error: unknown,
  style: ErrorResponse,
  request: AuthRequest,
): RefusalAnswer | undefined {
  return isAuthError(error) ? answerRefusal(error, style, request) : undefined;
}

/** Answers a refusal where no gate stands before: in the default style. */
export function refuseByDefault(error: unknown, request: AuthRequest): RefusalAnswer | undefined {
  return answerOrForward(error, defaultStyle, request);
}

/** The check behind `requireRole`: throws the AuthError `role-guard` unless the session has one of the roles. */
export function roleGuard(roles: readonly string[]): (session: Session | null | undefined) => void {
  if (roles.length === 0 || roles.some((role) => typeof role !== 'string' || role === ''))
    throw new ConfigError('requireRole', 'expected at least one role, each a non-empty string');
  const allowed = new Set(roles);
  return (session) => {
    if (session && allowed.has(session.role)) return;
    const byToken = session?.method === 'jwt';
    throw new AuthError('role-guard', { bearer: byToken ? 'insufficient_scope' : undefined });
  };
}

/** The check behind `sessionOf`: a handler that asks for a session where none was resolved is a mistake in the app. */
export function presentSession(session: Session | null | undefined): Session {
  if (session) return session;
  throw new Error(
    'there is no session on this request: hasuraAuth did not run before this handler',
  );
}
