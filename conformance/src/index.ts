export { describeAppFunctions } from './describe-app-functions.js';
export { describeConfigConformance } from './describe-config-conformance.js';
export { describeConformance, type StartApp } from './describe-conformance.js';
export { describeCoreConformance } from './describe-core-conformance.js';
export { describeCors, type CorsRules, type StartWithCors } from './describe-cors.js';
export {
  describeMiddlewareOptions,
  describeSharedAuthenticator,
} from './describe-middleware-options.js';
export { describeFailures, type FailingApp, type StartFailing } from './describe-failures.js';
export { describeRevocation, type StartRevoking } from './describe-revocation.js';
export { describeGuards, type Guards, type StartGuarded } from './describe-role-guard.js';
export {
  listen,
  protectedEndpoint,
  roomyHeaders,
  type ProtectedEndpoint,
  type RunningApp,
} from './running-app.js';
