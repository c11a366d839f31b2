import type { JwtSecret } from '../config/options.js';
import { recordOf } from '../option-checks.js';
import {
  type Audience,
  baseUrl,
  claimsOf,
  namePart,
  optionalAudience,
  type PresetOptions,
  presetSecret,
} from './preset-secret.js';

/** The realm of Keycloak that issues the tokens. */
export interface KeycloakOptions extends PresetOptions {
  /**
   * The address that clients log in at, such as `https://sso.example.com`, with its path if there is one (`/auth` before
   * Keycloak 17), without `/realms/…`. Neither http nor https is a ConfigError.
   */
  readonly url: string;
  /** The realm's name, spelled as in its address. Blanks, `/ \ ? # %`, and the names `.` and `..` are a ConfigError. */
  readonly realm: string;
  /**
   * The `aud` that an audience mapper adds. Set it if the realm serves several APIs; without a mapper, Keycloak adds none
   * for an API. Default: any. Empty is a ConfigError.
   */
  readonly audience?: Audience | undefined;
}

const realm = {
  form: /^(?!\.{1,2}$)[^\s/\\?#%]+$/,
  what: 'the name of a realm, without blanks and / \\ ? # %, and not . or ..',
};

/**
 * The JWT configuration for access tokens of one realm of Keycloak, which has its own keys. Throws a ConfigError that names
 * the option. Source: https://www.keycloak.org/securing-apps/oidc-layers
 *
 * @example
 * presets.keycloak({ url: 'https://sso.example.com', realm: 'my-realm', audience: 'graphql' });
 */
export function keycloak(options: KeycloakOptions): JwtSecret {
  const given = recordOf(options, ['url', 'realm', 'audience', 'claims'], 'presets.keycloak');
  const base = baseUrl(given['url'], 'presets.keycloak.url', '/realms');
  const issuer = `${base}/realms/${namePart(given['realm'], 'presets.keycloak.realm', realm)}`;
  return presetSecret(
    {
      jwk_url: `${issuer}/protocol/openid-connect/certs`,
      issuer,
      audience: optionalAudience(given['audience'], 'presets.keycloak.audience'),
    },
    claimsOf(given['claims'], 'presets.keycloak.claims'),
  );
}
