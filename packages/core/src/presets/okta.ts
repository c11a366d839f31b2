import { recordOf } from '../option-checks.js';
import type { JwtSecret } from '../config/options.js';
import { bareDomain, namePart } from './preset-secret.js';
import {
  claimsOf,
  presetSecret,
  requiredAudience,
  type Audience,
  type PresetOptions,
} from './preset-secret.js';

/** What names a custom authorization server of Okta. */
export interface OktaOptions extends PresetOptions {
  /** The org's domain or custom domain, as `my-org.okta.com`; a scheme or a path is a ConfigError. */
  readonly domain: string;
  /**
   * The custom authorization server's id. Default `default`. The org's own server cannot be used: Okta alone may read its
   * access tokens. Another form than letters, digits, `_` and `-` is a ConfigError.
   */
  readonly authorizationServerId?: string;
  /** The audience set on that server, as `api://default`. Absent or empty is a ConfigError. */
  readonly audience: Audience;
}

const serverId = { form: /^[\w-]+$/, what: 'the id of a custom authorization server, as default' };

/**
 * Okta: access tokens of one custom authorization server. Throws a ConfigError that names the option.
 * Source: https://developer.okta.com/docs/guides/validate-access-tokens/
 */
export function okta(options: OktaOptions): JwtSecret {
  const known = ['domain', 'authorizationServerId', 'audience', 'claims'];
  const given = recordOf(options, known, 'presets.okta');
  const domain = bareDomain(given['domain'], 'presets.okta.domain', 'my-org.okta.com');
  const server = namePart(
    given['authorizationServerId'] ?? 'default',
    'presets.okta.authorizationServerId',
    serverId,
  );
  const issuer = `https://${domain}/oauth2/${server}`;
  return presetSecret(
    {
      jwk_url: `${issuer}/v1/keys`,
      issuer,
      audience: requiredAudience(
        given['audience'],
        'presets.okta.audience',
        'the audience of the authorization server, as api://default',
      ),
    },
    claimsOf(given['claims'], 'presets.okta.claims'),
  );
}
