import {
  refusals,
  type AuthErrorCode,
  type BearerChallenge,
  type Refusal,
  type RefusalKind,
} from './refusals.js';

/** What a throwing step knows beyond the kind. */
export interface RefusalDetail {
  /** Added to the engine's message. Never holds a token, a secret or a claim's value. */
  readonly detail?: string;
  /** What went wrong underneath, for logs of the operator's own. Never a JSON parser's error: those quote their input. */
  readonly cause?: unknown;
  /** How long a client should wait, in whole seconds, for `Retry-After`. */
  readonly retryAfter?: number;
  /** Whether the refusal is answered in JWT mode; by default what the kind says. */
  readonly bearer?: BearerChallenge | undefined;
}

/** Registered, so that the ESM and the CommonJS build of core know each other's errors. */
const authErrorBrand: unique symbol = Symbol.for('@hasura-auth/AuthError');

/** A refused request. `code` and `message` are the engine's, letter for letter. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  /** The engine's error code. */
  readonly code: AuthErrorCode;
  /** Where in the request the error is, as the engine says it: always the root. */
  readonly path = '$';
  /** The HTTP status by HTTP's own rules: 401, 403, 503 … */
  readonly status: number;
  /** The same as `status`, by the name that Fastify and others read. */
  readonly statusCode: number;
  /** The status that the engine answers with on its REST endpoints. */
  readonly engineStatus: number;
  /** Response headers that belong to `status`: `WWW-Authenticate`, `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the message may be shown to a client: for every status under 500. */
  readonly expose: boolean;
  /** Which row of the error table this is. */
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, detail: RefusalDetail = {}) {
    const refusal = refusals[kind];
    super(
      refusal.message + (detail.detail ?? ''),
      detail.cause === undefined ? undefined : { cause: detail.cause },
    );
    this.kind = kind;
    this.code = refusal.code;
    this.status = refusal.status;
    this.statusCode = refusal.status;
    this.engineStatus = refusal.engineStatus;
    this.expose = refusal.status < 500;
    this.headers = Object.freeze(headersOf(refusal, detail));
    Object.defineProperty(this, authErrorBrand, { value: true });
  }

  /** One member of a GraphQL `errors` list, as the engine writes it. */
  toJSON(): { extensions: { path: string; code: AuthErrorCode }; message: string } {
    return { extensions: { path: this.path, code: this.code }, message: this.message };
  }
}

function headersOf(refusal: Refusal, detail: RefusalDetail): Record<string, string> {
  const retryAfter = detail.retryAfter ?? refusal.retryAfter;
  if (retryAfter !== undefined) return { 'Retry-After': String(retryAfter) };
  const bearer = detail.bearer ?? refusal.bearer;
  if (bearer === 'none') return { 'WWW-Authenticate': 'Bearer' };
  if (bearer !== undefined) return { 'WWW-Authenticate': `Bearer error="${bearer}"` };
  return refusal.status === 401 ? { 'WWW-Authenticate': 'HasuraAdminSecret' } : {};
}

/** Whether something thrown is a refusal, also where it comes from the other build (ESM, CommonJS) of this package. */
export function isAuthError(error: unknown): error is AuthError {
  return typeof error === 'object' && error !== null && authErrorBrand in error;
}

/** A mistake in the options, found when `createAuthenticator` runs. One sentence: the option, what was expected, the way out. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** The path of the option, as `jwtSecrets[1].claims_map`. */
  readonly option: string;
  readonly #problem: string;

  constructor(option: string, problem: string, variable?: string) {
    super(`${option}${variable === undefined ? '' : ` (from ${variable})`}: ${problem}`);
    this.option = option;
    this.#problem = problem;
  }

  /** The same mistake, with the environment variable that the option was read from. */
  readFrom(variable: string): ConfigError {
    return new ConfigError(this.option, this.#problem, variable);
  }
}
