export { createAuthenticator, type Authenticator } from './authenticator.js';
export { optionsFromEnv, type Environment } from './config/env.js';
export type {
  AuthHook,
  AuthOptions,
  ClaimsMapEntry,
  Fetch,
  JwtSecret,
  KeySetOptions,
  Logger,
  SetTimeout,
  TokenCacheOptions,
  TokenHeader,
} from './config/options.js';
export type {
  CustomAnswer,
  ErrorResponse,
  ErrorResponseStyle,
  RefusalAnswer,
} from './error-response.js';
export {
  AuthError,
  ConfigError,
  isAuthError,
  type AuthErrorCode,
  type RefusalDetail,
  type RefusalKind,
} from './errors.js';
export type { DecisionEvent } from './events.js';
export {
  createGate,
  presentSession,
  refuseByDefault,
  roleGuard,
  type Gate,
  type HasuraAuthOptions,
  type SharedAuthenticator,
} from './gate.js';
export type { Algorithm } from './jwt/algorithms.js';
export type { KeyType } from './keys/static-key.js';
export type { MaybePromise } from './maybe-promise.js';
export type {
  AuthRequest,
  DecisionStep,
  HeaderRecord,
  StepObserver,
  WebHeaders,
} from './request.js';
export type {
  Decision,
  JsonValue,
  JwtClaims,
  Session,
  SessionMethod,
  SessionVariables,
} from './session.js';
