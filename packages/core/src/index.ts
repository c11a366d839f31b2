export { createAuthenticator, type Authenticator } from './authenticator.js';
export type { ConnectionRequest } from './connection.js';
export {
  allowedOrigins,
  type AllowedOrigins,
  type OriginCheck,
} from './connection/allowed-origins.js';
export type {
  ConnectionRules,
  Connections,
  Disconnection,
  DisconnectionEnd,
} from './connection/connections.js';
export { closeReason } from './connection/close-reason.js';
export { lifetime, type LifetimeOutside } from './connection/lifetime.js';
export {
  forbiddenCloseCode,
  type CloseSocket,
  type Connection,
} from './connection/open-connection.js';
export type { Reauthentication, SessionChange } from './connection/session-change.js';
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
export { AuthError, ConfigError, isAuthError, type RefusalDetail } from './errors.js';
export type { DecisionEvent, WebhookEvent } from './events.js';
export type { EndpointForm, EndpointReply } from './hook/endpoint-answers.js';
export type { ToldRequest } from './hook/told-request.js';
export {
  createHookEndpoint,
  type AuthHookAnswer,
  type AuthHookFunction,
  type AuthHookHandlerOptions,
  type HookEndpoint,
} from './hook-endpoint.js';
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
export * as presets from './presets.js';
export type { AuthErrorCode, RefusalKind } from './refusals.js';
export type {
  AuthRequest,
  DecisionStep,
  HeaderRecord,
  StepObserver,
  WebHeaders,
} from './request.js';
export type { Decision, JsonValue, JwtClaims, Session, SessionMethod } from './session.js';
export type { SessionVariables } from './session-variables.js';
