export { heldTimers, virtualClock, type Clock, type HeldTimers } from './clock.js';
export { freePort } from './free-port.js';
export { startJwksServer, type JwksServer, type JwksServerOptions } from './jwks-server.js';
export { keptLog, type KeptLog } from './kept-log.js';
export { hmacSecret, keyMember, privateKey, privatePem, testKey, type TestKey } from './keys.js';
export {
  startLoopbackServer,
  type Answer,
  type Delivery,
  type LoopbackServer,
  type RecordedRequest,
} from './loopback-server.js';
export { installedRedis, startRedis, type RedisKind, type RedisServer } from './redis-server.js';
export { isJsonObject, resolve, type Json, type JsonObject } from './resolve.js';
export { sendRequest, type ReceivedAnswer, type SentRequest } from './send-request.js';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.js';
export {
  hmacKey,
  hmacToken,
  mintToken,
  uncheckedSignature,
  type Tampering,
  type TokenRecipe,
} from './tokens.js';
export { proves, unrun, type Equal } from './type-proofs.js';
export {
  freshnessCases,
  keySetCases,
  wycheproofKeys,
  wycheproofSignatures,
  type FreshnessCase,
  type KeySetCase,
  type WycheproofCase,
  type WycheproofGroup,
} from './vectors.js';
export { startWebhookServer, type WebhookAnswer, type WebhookServer } from './webhook-server.js';
