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

/** The Auth0 tenant and the API that tokens are for. */
export interface Auth0Options extends PresetOptions {
  /**
   * The domain that clients log in at, such as `my-tenant.eu.auth0.com` or a custom domain: it is the issuer of their
   * tokens. A scheme or a path is a ConfigError.
   */
  readonly domain: string;
  /**
   * The identifier of the API in Auth0, case-sensitive (for ID tokens: the client id). Required, since a tenant signs the
   * tokens for all of its APIs with one key. Absent or empty is a ConfigError.
   */
  readonly audience: Audience;
}

/**
 * The JWT configuration for access tokens of Auth0 for one API. The issuer ends in a slash. An Action adds the session
 * variables, see docs/providers.md. Throws a ConfigError that names the option.
 * Source: https://auth0.com/docs/secure/tokens/json-web-tokens/json-web-key-sets
 *
 * @example
 * presets.auth0({ domain: 'my-tenant.eu.auth0.com', audience: 'https://api.example.com' });
 */
export function auth0(options: Auth0Options): JwtSecret {
  const given = recordOf(options, ['domain', 'audience', 'claims'], 'presets.auth0');
  const domain = bareDomain(given['domain'], 'presets.auth0.domain', 'my-tenant.eu.auth0.com');
  return presetSecret(
    {
      jwk_url: `https://${domain}/.well-known/jwks.json`,
      issuer: `https://${domain}/`,
      audience: requiredAudience(
        given['audience'],
        'presets.auth0.audience',
        'the identifier of your API',
      ),
    },
    claimsOf(given['claims'], 'presets.auth0.claims'),
  );
}
