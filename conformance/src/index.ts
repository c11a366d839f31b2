export { describeConfigConformance } from './describe-config-conformance.js';
export { describeConformance, type StartApp } from './describe-conformance.js';
export { describeCoreConformance } from './describe-core-conformance.js';
export { describeCors, type CorsRules, type StartWithCors } from './describe-cors.js';
export {
  describeMiddlewareOptions,
  describeSharedAuthenticator,
} from './describe-middleware-options.js';
export { describeRoleGuard, type StartGuarded } from './describe-role-guard.js';
export type { Json, JsonObject } from './json.js';
export { startJwksServer, type JwksServer, type JwksServerOptions } from './jwks-server.js';
export { keyMember, privateKey, privatePem, testKey, type TestKey } from './keys.js';
export type { Answer, Delivery, LoopbackServer, RecordedRequest } from './loopback-server.js';
export { startLoopbackServer } from './loopback-server.js';
export { keptLog, type KeptLog } from './row-options.js';
export {
  listen,
  protectedEndpoint,
  roomyHeaders,
  type ProtectedEndpoint,
  type RunningApp,
} from './running-app.js';
export { mintToken, type Tampering, type TokenRecipe } from './tokens.js';
export { proves, unrun, type Equal } from './type-proofs.js';
export { freshnessCases, keySetCases, type FreshnessCase, type KeySetCase } from './vectors.js';
export { startWebhookServer, type WebhookAnswer, type WebhookServer } from './webhook-server.js';
export {
  wycheproofKeys,
  wycheproofSignatures,
  type WycheproofCase,
  type WycheproofGroup,
} from './wycheproof.js';
