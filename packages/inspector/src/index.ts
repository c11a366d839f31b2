export { InputError, readConfiguration, readRequest } from './reading.js';
export { inspector, type InspectorHandler, type InspectorOptions } from './server/inspector.js';
export type { DevelopmentIssuer, DevelopmentToken } from './server/issuer.js';
