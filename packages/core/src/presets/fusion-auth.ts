import type { JwtSecret } from '../config/options.js';
import { nonEmptyString, recordOf } from '../option-checks.js';
import {
  type Audience,
  baseUrl,
  claimsOf,
  type PresetOptions,
  presetSecret,
  requiredAudience,
} from './preset-secret.js';

/** The FusionAuth tenant and the application that tokens are for. */
export interface FusionAuthOptions extends PresetOptions {
  /** The address of FusionAuth, such as `https://auth.example.com`. Neither http nor https is a ConfigError. */
  readonly url: string;
  /**
   * The issuer in the tenant's settings, compared with `iss` character by character. It is free text, such as
   * `example.com`, and need not be the address. Absent or empty is a ConfigError.
   */
  readonly issuer: string;
  /**
   * The application's id. Required, since the applications of an instance share its key set. Absent or empty is a
   * ConfigError.
   */
  readonly audience: Audience;
}

/**
 * The JWT configuration for tokens of one FusionAuth application that signs with RSA or EC keys: keys for HMAC are not in
 * the key set. A JWT populate lambda adds the session variables, see docs/providers.md. Throws a ConfigError that names the
 * option. Source: https://fusionauth.io/docs/lifecycle/authenticate-users/oauth/tokens
 *
 * @example
 * presets.fusionAuth({
 *   url: 'https://auth.example.com',
 *   issuer: 'example.com',
 *   audience: '3c219e58-ed0e-4b18-ad48-f4f92793ae32',
 * });
 */
export function fusionAuth(options: FusionAuthOptions): JwtSecret {
  const given = recordOf(options, ['url', 'issuer', 'audience', 'claims'], 'presets.fusionAuth');
  return presetSecret(
    {
      jwk_url: `${baseUrl(given['url'], 'presets.fusionAuth.url')}/.well-known/jwks.json`,
      issuer: nonEmptyString(given['issuer'], 'presets.fusionAuth.issuer'),
      audience: requiredAudience(
        given['audience'],
        'presets.fusionAuth.audience',
        "the application's id",
      ),
    },
    claimsOf(given['claims'], 'presets.fusionAuth.claims'),
  );
}
