import type { JwtSecret } from '../config/options.js';
import { recordOf } from '../option-checks.js';
import {
  type Audience,
  baseUrl,
  claimsOf,
  type PresetOptions,
  presetSecret,
  requiredAudience,
} from './preset-secret.js';

/** The Logto tenant and the API resource that tokens are for. */
export interface LogtoOptions extends PresetOptions {
  /**
   * The endpoint of the tenant, such as `https://my-tenant.logto.app`, or the address of your own Logto, without `/oidc`.
   * Neither http nor https is a ConfigError.
   */
  readonly endpoint: string;
  /**
   * The indicator of the API resource in Logto, such as `https://api.example.com`. Required: a client that does not request
   * it gets an opaque token, and the resources of a tenant share its keys. Absent or empty is a ConfigError.
   */
  readonly audience: Audience;
}

/**
 * The JWT configuration for access tokens of Logto for one API resource. A script for custom token claims adds the session
 * variables, see docs/providers.md. Throws a ConfigError that names the option.
 * Source: https://docs.logto.io/authorization/validate-access-tokens
 *
 * @example
 * presets.logto({ endpoint: 'https://my-tenant.logto.app', audience: 'https://api.example.com' });
 */
export function logto(options: LogtoOptions): JwtSecret {
  const given = recordOf(options, ['endpoint', 'audience', 'claims'], 'presets.logto');
  const issuer = `${baseUrl(given['endpoint'], 'presets.logto.endpoint', '/oidc')}/oidc`;
  return presetSecret(
    {
      jwk_url: `${issuer}/jwks`,
      issuer,
      audience: requiredAudience(
        given['audience'],
        'presets.logto.audience',
        'the indicator of your API resource',
      ),
    },
    claimsOf(given['claims'], 'presets.logto.claims'),
  );
}
