import type { JwtSecret } from '../config/options.js';
import { recordOf } from '../option-checks.js';
import {
  type Audience,
  bareDomain,
  claimsOf,
  type PresetOptions,
  presetSecret,
  requiredAudience,
} from './preset-secret.js';

/** The Kinde business and the API that tokens are for. */
export interface KindeOptions extends PresetOptions {
  /**
   * The domain that clients log in at, such as `my-business.kinde.com` or a custom domain: it is the issuer of their
   * tokens, and the two are not interchangeable. A scheme or a path is a ConfigError.
   */
  readonly domain: string;
  /**
   * The audience of the API that is registered in Kinde. Required, since a business signs for all of its APIs with the
   * same keys. Absent or empty is a ConfigError.
   */
  readonly audience: Audience;
}

/**
 * The JWT configuration for access tokens of Kinde for one API. A workflow, or the Hasura switch in the application's token
 * settings, adds the session variables, see docs/providers.md. Throws a ConfigError that names the option.
 * Source: https://docs.kinde.com/developer-tools/guides/kinde-hasura/, https://docs.kinde.com/build/tokens/about-access-tokens/
 *
 * @example
 * presets.kinde({ domain: 'my-business.kinde.com', audience: 'hasura' });
 */
export function kinde(options: KindeOptions): JwtSecret {
  const given = recordOf(options, ['domain', 'audience', 'claims'], 'presets.kinde');
  const domain = bareDomain(given['domain'], 'presets.kinde.domain', 'my-business.kinde.com');
  return presetSecret(
    {
      jwk_url: `https://${domain}/.well-known/jwks`,
      issuer: `https://${domain}`,
      audience: requiredAudience(
        given['audience'],
        'presets.kinde.audience',
        'the audience of your API',
      ),
    },
    claimsOf(given['claims'], 'presets.kinde.claims'),
  );
}
