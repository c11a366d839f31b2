import { warnInProduction } from './production.js';

export type { Authorized } from './as-user.js';
export {
  createTestIssuer,
  type TestAlgorithm,
  type TestIssuer,
  type TestIssuerOptions,
  type TestToken,
} from './issuer.js';
export { sessionFor, type SessionExtras } from './session-for.js';
export { createTestClock, type TestClock } from './test-clock.js';
export { createTestHook, type HookCall, type TestHook } from './test-hook.js';

warnInProduction();
