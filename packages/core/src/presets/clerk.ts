import { recordOf } from '../option-checks.js';
import type { JwtSecret } from '../config/options.js';
import { bareDomain } from './preset-secret.js';
import {
  claimsOf,
  optionalAudience,
  presetSecret,
  type Audience,
  type PresetOptions,
} from './preset-secret.js';

/** What names an instance of Clerk. */
export interface ClerkOptions extends PresetOptions {
  /**
   * The instance's Frontend API, as `clerk.example.com` or `my-app.clerk.accounts.dev`; a scheme or a path is a
   * ConfigError.
   */
  readonly frontendApi: string;
  /** What the JWT template puts into `aud`, if it does. Default: any. Empty is a ConfigError. */
  readonly audience?: Audience;
}

/**
 * Clerk: tokens of one instance, which has its own keys; made by a JWT template that holds the claims. Throws a
 * ConfigError that names the option. Source: https://clerk.com/docs/guides/sessions/session-tokens
 */
export function clerk(options: ClerkOptions): JwtSecret {
  const given = recordOf(options, ['frontendApi', 'audience', 'claims'], 'presets.clerk');
  const issuer = `https://${bareDomain(given['frontendApi'], 'presets.clerk.frontendApi', 'clerk.example.com')}`;
  return presetSecret(
    {
      jwk_url: `${issuer}/.well-known/jwks.json`,
      issuer,
      audience: optionalAudience(given['audience'], 'presets.clerk.audience'),
    },
    claimsOf(given['claims'], 'presets.clerk.claims'),
  );
}
