// All that an app needs of core, so that this package, graphql-ws and graphql are all that is installed. The types come by
// a star, so that an app may augment `HasuraTypes` under this package's name.
export type * from '@hasura-auth/core';
export {
  arrayVariable,
  assertRole,
  AuthError,
  ConfigError,
  createAuthenticator,
  deny,
  isAuthError,
  lifetime,
  optionsFromEnv,
  presets,
  requireVariable,
} from '@hasura-auth/core';
export { hasuraAuth, type HasuraAuth, type HasuraAuthWebSocketOptions } from './hasura-auth.js';
export { legacyHandler, type LegacyOptions, type LegacySocket } from './legacy-handler.js';
export { requireRole, sessionOf } from './session.js';
export type { Closable, Upgraded } from './socket.js';
export {
  bothProtocols,
  handleProtocols,
  isLegacy,
  legacyProtocol,
  type Subprotocol,
} from './subprotocols.js';
