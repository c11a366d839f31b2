export { createAuthenticator, type Authenticator } from './authenticator.js';
export type { ConnectionRequest } from './connection/handshake.js';
export type { CloseSocket, Connection } from './connection/connection.js';
export { closeReason, forbiddenCloseCode } from './connection/ends.js';
export type { Connections } from './connection/connections.js';
export type { Disconnection, DisconnectionEnd } from './connection/disconnection.js';
export { lifetime, type LifetimeRuntime } from './connection/lifetime.js';
export {
  allowedOrigins,
  type AllowedOrigins,
  type ConnectionRules,
  type OriginCheck,
  type Reauthentication,
  type SessionChange,
} from './connection/rules.js';
export { optionsFromEnv, type Environment } from './config/env.js';
export type {
  AuthOptions,
  ClaimsMapEntry,
  JwtSecret,
  KeySetOptions,
  TokenCacheOptions,
  TokenHeader,
} from './config/options.js';
export type {
  CustomResponse,
  ErrorResponse,
  ErrorResponseStyle,
  RefusalResponse,
} from './error-response.js';
export {
  AuthError,
  ConfigError,
  isAuthError,
  type RefusalDetail,
  type RefusalHeaders,
} from './errors.js';
export type {
  ExplainedRefusal,
  ExplainedStep,
  ExplainedToken,
  Explanation,
} from './explain/explanation.js';
export type { EndpointForm } from './hook-endpoint/response.js';
export type {
  AuthHookForm,
  AuthHookFunction,
  AuthHookHandlerOptions,
  AuthHookRequest,
} from './hook-endpoint/index.js';
export type { Algorithm } from './keys/algorithms.js';
export type { KeyType } from './keys/static-key.js';
export type { MaybePromise } from './maybe-promise.js';
export type {
  AuthenticateContext,
  ConnectionCloseCause,
  ConnectionCloseEvent,
  ConnectionOpenEvent,
  FetchFailure,
  KeySetContext,
  KeySetFetchReason,
  ModeName,
  ReauthenticateEvent,
  RevocationEntryEvent,
  RevocationGapEvent,
  RevocationStaleEvent,
  RevokedBy,
  TracedContext,
  Transport,
  WebhookContext,
  WebhookOutcome,
} from './observability/channels.js';
export type {
  Health,
  HookHealth,
  KeySetAbsent,
  KeySetAttempts,
  KeySetHealth,
  KeySetInUse,
  LastFailure,
  RevocationHealth,
} from './observability/health.js';
export type { OnRefused } from './on-refused.js';
export { deny, type AddedVariables, type KeptOnSession, type OnSession } from './on-session.js';
/** The JWT configurations of identity providers, a function for each. */
export * as presets from './presets/index.js';
export type { BackChannelLogoutHandlerOptions } from './logout-endpoint.js';
export type {
  AcceptLogoutToken,
  BackChannelLogoutOptions,
} from './revocation/back-channel-logout.js';
export { memoryRevocations, type MemoryRevocationsOptions } from './revocation/memory-store.js';
export type { RevocationOptions } from './revocation/options.js';
export type { Revocation } from './revocation/revocation.js';
export type {
  ConnectionsEnd,
  IdRevocation,
  IssuerRevocation,
  RevocationEntry,
  RevocationListener,
  RevocationStore,
  SubjectRevocation,
  TokenRevocation,
  TokensRevocation,
} from './revocation/store.js';
export type { Fetch, Logger, RuntimeOptions, SetTimeout } from './runtime.js';
export type { AuthErrorCode, RefusalKind } from './refusals.js';
export type { HasuraAuthOptions, SharedAuthenticator } from './shared-authenticator.js';
export type { AuthRequest, DecisionStep, StepObserver } from './request.js';
export type { HeaderRecord, WebHeaders } from './request-headers.js';
export type {
  Decision,
  HasuraTypes,
  JsonValue,
  JwtClaims,
  Role,
  Session,
  SessionMethod,
} from './session.js';
export type { HookAnswerStore } from './webhook/options.js';
export type { AuthHook } from './webhook/options.js';
export { arrayVariable, assertRole, requireVariable } from './guards.js';
export type { SessionVariables } from './session.js';
