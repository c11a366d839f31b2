export { bothProtocols } from './both-protocols.js';
export { hasuraAuth, type HasuraAuth, type HasuraAuthWebSocketOptions } from './hasura-auth.js';
export { legacyHandler, type LegacyOptions, type LegacySocket } from './legacy-handler.js';
export { requireRole } from './require-role.js';
export { handleProtocols, isLegacy, legacyProtocol, type Subprotocol } from './subprotocol.js';
export { sessionOf, type Upgraded } from './upgraded.js';
