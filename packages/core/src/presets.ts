/**
 * Providers of tokens, each as a function that gives its JWT configuration:
 * `jwtSecret: presets.auth0({ domain, audience })`. What comes back is a plain object; spread it to change more.
 */
export { auth0, type Auth0Options } from './presets/auth0.js';
export { clerk, type ClerkOptions } from './presets/clerk.js';
export { cognito, type CognitoOptions } from './presets/cognito.js';
export { entraId, type EntraIdOptions } from './presets/entra-id.js';
export { firebase, type FirebaseOptions } from './presets/firebase.js';
export { google, type GoogleOptions } from './presets/google.js';
export { keycloak, type KeycloakOptions } from './presets/keycloak.js';
export { nhost, type NhostOptions } from './presets/nhost.js';
export { okta, type OktaOptions } from './presets/okta.js';
export type { Audience, ClaimsOptions, PresetOptions } from './presets/preset-secret.js';
export { supabase, type SupabaseOptions } from './presets/supabase.js';
