export {
  createDevelopmentIssuer,
  type DevelopmentIssuer,
  type DevelopmentIssuerOptions,
} from './development/issuer.js';
export type { IssuerControls, IssuerStatus } from './development/controls.js';
export type { EndpointBehaviour } from './endpoint-behaviour.js';
export type { DevelopmentUser } from './development/identity.js';
export type { LogoutDelivery, LogoutTarget } from './development/logins.js';
export type { TestToken } from './issuer.js';
export type { KeyPairAlgorithm } from './signing-keys.js';
