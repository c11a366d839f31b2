import type { JwtSecret } from '../config/options.js';
import { recordOf } from '../option-checks.js';
import {
  type Audience,
  baseUrl,
  claimsOf,
  optionalAudience,
  optionalString,
  type PresetOptions,
  presetSecret,
} from './preset-secret.js';

/** The app that runs Better Auth with its JWT plugin. */
export interface BetterAuthOptions extends PresetOptions {
  /**
   * The app's `baseURL`, such as `https://app.example.com`, without its base path `/api/auth`. It is the issuer and the
   * audience of the tokens unless the plugin sets others. Neither http nor https is a ConfigError.
   */
  readonly url: string;
  /** The `jwt.issuer` of the plugin, if it is set. Default: `url`. Empty is a ConfigError. */
  readonly issuer?: string | undefined;
  /** The `jwt.audience` of the plugin, if it is set. Default: `url`. Empty is a ConfigError. */
  readonly audience?: Audience | undefined;
}

/**
 * The JWT configuration for tokens of the JWT plugin of Better Auth, which Auth.js is now a part of. The plugin's
 * `definePayload` adds the session variables, see docs/providers.md. Throws a ConfigError that names the option.
 * Source: https://www.better-auth.com/docs/plugins/jwt
 *
 * @example
 * presets.betterAuth({ url: 'https://app.example.com' });
 */
export function betterAuth(options: BetterAuthOptions): JwtSecret {
  const given = recordOf(options, ['url', 'issuer', 'audience', 'claims'], 'presets.betterAuth');
  const url = baseUrl(given['url'], 'presets.betterAuth.url', '/api/auth');
  return presetSecret(
    {
      jwk_url: `${url}/api/auth/jwks`,
      issuer: optionalString(given['issuer'], 'presets.betterAuth.issuer') ?? url,
      audience: optionalAudience(given['audience'], 'presets.betterAuth.audience') ?? url,
    },
    claimsOf(given['claims'], 'presets.betterAuth.claims'),
  );
}
