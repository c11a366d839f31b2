import type { JwtSecret } from '../config/options.js';
import { recordOf } from '../option-checks.js';
import {
  type Audience,
  bareDomain,
  claimsOf,
  optionalAudience,
  type PresetOptions,
  presetSecret,
} from './preset-secret.js';

/** The instance of Clerk that issues the tokens. */
export interface ClerkOptions extends PresetOptions {
  /**
   * The Frontend API of the instance, such as `clerk.example.com` or `my-app.clerk.accounts.dev`; a scheme or a path is a
   * ConfigError.
   */
  readonly frontendApi: string;
  /** The `aud` that the JWT template adds, if it adds one. Default: any. Empty is a ConfigError. */
  readonly audience?: Audience | undefined;
}

/**
 * The JWT configuration for tokens of one instance of Clerk, made by a JWT template with the session variables. Each
 * instance has its own keys. Throws a ConfigError that names the option.
 * Source: https://clerk.com/docs/guides/development/integrations/databases/hasura
 *
 * @example
 * presets.clerk({ frontendApi: 'clerk.example.com' });
 */
export function clerk(options: ClerkOptions): JwtSecret {
  const given = recordOf(options, ['frontendApi', 'audience', 'claims'], 'presets.clerk');
  const domain = bareDomain(given['frontendApi'], 'presets.clerk.frontendApi', 'clerk.example.com');
  const issuer = `https://${domain}`;
  return presetSecret(
    {
      jwk_url: `${issuer}/.well-known/jwks.json`,
      issuer,
      audience: optionalAudience(given['audience'], 'presets.clerk.audience'),
    },
    claimsOf(given['claims'], 'presets.clerk.claims'),
  );
}
