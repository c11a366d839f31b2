import type { JwtSecret } from '../config/options.js';
import { ConfigError } from '../errors.js';
import { recordOf } from '../option-checks.js';
import {
  type Audience,
  bareDomain,
  claimsOf,
  namePart,
  type PresetOptions,
  presetSecret,
  requiredAudience,
} from './preset-secret.js';

/** The custom authorization server of Okta that issues the tokens. */
export interface OktaOptions extends PresetOptions {
  /**
   * The org's domain or custom domain, such as `my-org.okta.com`. A scheme, a path or the domain of the admin console
   * (`my-org-admin.okta.com`) is a ConfigError.
   */
  readonly domain: string;
  /**
   * The custom authorization server's id. Default `default`. The org's own server cannot be used, since only Okta can
   * verify its access tokens. Another form than letters, digits, `_` and `-` is a ConfigError.
   */
  readonly authorizationServerId?: string | undefined;
  /** The audience that is set on that server, such as `api://default`. Absent or empty is a ConfigError. */
  readonly audience: Audience;
}

const serverId = {
  form: /^[\w-]+$/,
  what: 'the id of a custom authorization server, such as default',
};

/**
 * The JWT configuration for access tokens of one custom authorization server of Okta. Throws a ConfigError that names the
 * option. Source: https://developer.okta.com/docs/guides/validate-access-tokens/
 *
 * @example
 * presets.okta({ domain: 'my-org.okta.com', audience: 'api://default' });
 */
export function okta(options: OktaOptions): JwtSecret {
  const known = ['domain', 'authorizationServerId', 'audience', 'claims'];
  const given = recordOf(options, known, 'presets.okta');
  const domain = bareDomain(given['domain'], 'presets.okta.domain', 'my-org.okta.com');
  if (/-admin\.okta(?:preview|-emea)?\.com$/.test(domain))
    throw new ConfigError(
      'presets.okta.domain',
      'expected the domain of the org, not of its admin console: without -admin',
    );
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
        'the audience of the authorization server, such as api://default',
      ),
    },
    claimsOf(given['claims'], 'presets.okta.claims'),
  );
}
