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
