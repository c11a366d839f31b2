/** The engine's error codes. They are API: programs compare them. */
export type AuthErrorCode =
  | 'access-denied'
  | 'invalid-headers'
  | 'invalid-jwt'
  | 'jwt-missing-role-claims'
  | 'jwt-invalid-claims'
  | 'unexpected'
  | 'invalid-params'
  | 'bad-request';

/** RFC 6750, section 3.1; `none` is a challenge without an error code. */
type BearerChallenge = 'none' | 'invalid_token' | 'insufficient_scope';

interface Refusal {
  readonly code: AuthErrorCode;
  /** Letter for letter the engine's; where it ends in a colon or a quote, the throwing step adds the detail. */
  readonly message: string;
  readonly engineStatus: number;
  readonly status: number;
  readonly bearer?: BearerChallenge;
  readonly retryAfter?: number;
}

/** The kinds of refusal: the rows of the error table. */
export type RefusalKind =
  | 'missing-secret'
  | 'wrong-secret'
  | 'missing-token'
  | 'malformed-authorization'
  | 'ambiguous-token'
  | 'invalid-token'
  | 'missing-role-claim'
  | 'invalid-claims'
  | 'role-not-allowed'
  | 'hook-unauthorized'
  | 'hook-invalid-response'
  | 'hook-unreachable'
  | 'hook-without-role'
  | 'keys-unavailable'
  | 'bad-backend-only'
  | 'role-guard';

/** Every refusal: its code, its message and both statuses. One row per kind, so that a change has one place. */
const refusals: Readonly<Record<RefusalKind, Refusal>> = {
  'missing-secret': {
    code: 'access-denied',
    message: 'x-hasura-admin-secret/x-hasura-access-key required, but not found',
    engineStatus: 401,
    status: 401,
  },
  'wrong-secret': {
    code: 'access-denied',
    message: 'invalid x-hasura-admin-secret/x-hasura-access-key',
    engineStatus: 401,
    status: 401,
  },
  'missing-token': {
    code: 'invalid-headers',
    message: "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
    engineStatus: 400,
    status: 401,
    bearer: 'none',
  },
  'malformed-authorization': {
    code: 'invalid-headers',
    message: 'Malformed Authorization header',
    engineStatus: 400,
    status: 401,
    bearer: 'none',
  },
  'ambiguous-token': {
    code: 'invalid-headers',
    message: 'Could not verify JWT: Multiple JWTs found',
    engineStatus: 400,
    status: 400,
  },
  'invalid-token': {
    code: 'invalid-jwt',
    message: 'Could not verify JWT: ',
    engineStatus: 400,
    status: 401,
    bearer: 'invalid_token',
  },
  'missing-role-claim': {
    code: 'jwt-missing-role-claims',
    message: 'JWT claim does not contain ',
    engineStatus: 400,
    status: 401,
    bearer: 'invalid_token',
  },
  'invalid-claims': {
    code: 'jwt-invalid-claims',
    message: '',
    engineStatus: 400,
    status: 401,
    bearer: 'invalid_token',
  },
  'role-not-allowed': {
    code: 'access-denied',
    message: 'Your requested role is not in allowed roles',
    engineStatus: 400,
    status: 403,
    bearer: 'insufficient_scope',
  },
  'hook-unauthorized': {
    code: 'access-denied',
    message: 'Authentication hook unauthorized this request',
    engineStatus: 401,
    status: 401,
  },
  'hook-invalid-response': {
    code: 'unexpected',
    message: 'Invalid response from authorization hook',
    engineStatus: 500,
    status: 500,
  },
  'hook-unreachable': {
    code: 'unexpected',
    message: 'webhook authentication request failed',
    engineStatus: 500,
    status: 500,
  },
  'hook-without-role': {
    code: 'invalid-params',
    message: 'x-hasura-role not found in session variables',
    engineStatus: 400,
    status: 500,
  },
  'keys-unavailable': {
    code: 'unexpected',
    message: 'JWK set is not available',
    engineStatus: 500,
    status: 503,
    retryAfter: 1,
  },
  'bad-backend-only': {
    code: 'bad-request',
    message:
      'x-hasura-use-backend-only-permissions: Not a valid boolean text. True values are ' +
      "['true','t','yes','y'] and False values are ['false','f','no','n']. All values are case insensitive",
    engineStatus: 400,
    status: 400,
  },
  'role-guard': {
    code: 'access-denied',
    message: 'Your current role is not allowed here',
    engineStatus: 400,
    status: 403,
  },
};

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
