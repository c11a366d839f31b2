/** The engine's error codes. They are API: programs compare them. */
export type AuthErrorCode =
  | 'access-denied'
  | 'invalid-headers'
  | 'invalid-jwt'
  | 'jwt-missing-role-claims'
  | 'jwt-invalid-claims'
  | 'unexpected'
  | 'invalid-params'
  | 'bad-request'
  | 'not-found';

/** RFC 6750, section 3.1; `none` is a challenge without an error code. */
export type BearerChallenge = 'none' | 'invalid_token' | 'insufficient_scope';

/** One row of the table. */
export interface Refusal {
  readonly code: AuthErrorCode;
  /** Letter for letter the engine's; if it ends in a colon or a quote, the throwing step adds the detail. */
  readonly message: string;
  /** The cause within the kind, if the kind has one that is not its message. */
  readonly reason?: string;
  readonly engineStatus: number;
  readonly status: number;
  readonly bearer?: BearerChallenge;
  readonly retryAfter?: number;
}

/** The kinds of refusal: the rows of the error table. */
export type RefusalKind =
  | 'missing-secret'
  | 'wrong-secret'
  | 'unreadable-headers'
  | 'missing-token'
  | 'malformed-authorization'
  | 'ambiguous-token'
  | 'invalid-token'
  | 'revoked'
  | 'missing-role-claim'
  | 'invalid-claims'
  | 'role-not-allowed'
  | 'hook-unauthorized'
  | 'hook-invalid-response'
  | 'hook-unreachable'
  | 'hook-busy'
  | 'hook-without-role'
  | 'keys-unavailable'
  | 'revocations-unavailable'
  | 'bad-backend-only'
  | 'role-guard'
  | 'denied'
  | 'missing-variable'
  | 'malformed-variable'
  | 'bad-connection-params'
  | 'session-ended'
  | 'session-change';

/** Every refusal: its code, its message and both statuses. One row per kind, so that a change has one place. */
export const refusals: Readonly<Record<RefusalKind, Refusal>> = {
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
  // Ours: an app that passes headers of another form than Node's or the web's.
  'unreadable-headers': {
    code: 'invalid-headers',
    message: 'The headers of this request cannot be read',
    engineStatus: 400,
    status: 400,
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
  // This one and `revocations-unavailable` do not exist in Hasura, which revokes nothing.
  revoked: {
    code: 'invalid-jwt',
    message: 'Could not verify JWT: JWTRevoked',
    reason: 'JWTRevoked',
    engineStatus: 401,
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
  'hook-busy': {
    code: 'unexpected',
    message: 'webhook authentication request failed',
    engineStatus: 500,
    status: 503,
    retryAfter: 1,
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
  'revocations-unavailable': {
    code: 'unexpected',
    message: 'The list of revoked tokens is not available',
    engineStatus: 500,
    status: 503,
    retryAfter: 1,
  },
  'bad-backend-only': {
    code: 'bad-request',
    message:
      'x-hasura-use-backend-only-permissions:  Not a valid boolean text. True values are ' +
      '["true","t","yes","y"] and  False values are ["false","f","no","n"]. All values are case insensitive',
    engineStatus: 400,
    status: 400,
  },
  'role-guard': {
    code: 'access-denied',
    message: 'Your current role is not allowed here',
    engineStatus: 400,
    status: 403,
  },
  denied: {
    code: 'access-denied',
    message: '',
    engineStatus: 400,
    status: 403,
  },
  // The engine's words for a permission that needs a variable which the session does not have.
  'missing-variable': {
    code: 'not-found',
    message: 'missing session variable: ',
    engineStatus: 400,
    status: 403,
  },
  // The next four do not exist in Hasura.
  'malformed-variable': {
    code: 'bad-request',
    message: 'not a list in a session variable: ',
    engineStatus: 400,
    status: 400,
  },
  'bad-connection-params': {
    code: 'invalid-headers',
    message: 'Malformed connection parameters: ',
    engineStatus: 400,
    status: 400,
  },
  'session-ended': {
    code: 'access-denied',
    message: 'The session has ended',
    engineStatus: 401,
    status: 401,
  },
  'session-change': {
    code: 'access-denied',
    message: 'The role or the user of an open connection may not change',
    engineStatus: 400,
    status: 403,
  },
};
