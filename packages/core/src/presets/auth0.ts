import { recordOf } from '../option-checks.js';
import type { JwtSecret } from '../config/options.js';
import { bareDomain } from './preset-secret.js';
import {
  claimsOf,
  presetSecret,
  requiredAudience,
  type Audience,
  type PresetOptions,
} from './preset-secret.js';

/** What names an Auth0 tenant and API. */
export interface Auth0Options extends PresetOptions {
  /** The tenant's domain or custom domain, as `my-tenant.eu.auth0.com`; a scheme or a path is a ConfigError. */
  readonly domain: string;
  /**
   * The identifier of the API in Auth0 (for ID tokens: the client id). Needed, since one tenant signs with one key for
   * all of its APIs. Absent or empty is a ConfigError.
   */
  readonly audience: Audience;
}

/**
 * Auth0: access tokens for one API of one tenant. The issuer ends in a slash. The claims are put there by an Action,
 * see docs/providers.md. Throws a ConfigError that names the option.
 * Source: https://auth0.com/docs/secure/tokens/json-web-tokens/locate-json-web-key-sets
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
