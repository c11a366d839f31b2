import { recordOf } from '../option-checks.js';
import type { JwtSecret } from '../config/options.js';
import { baseUrl, namePart } from './preset-secret.js';
import {
  claimsOf,
  optionalAudience,
  presetSecret,
  type Audience,
  type PresetOptions,
} from './preset-secret.js';

/** What names a realm of Keycloak. */
export interface KeycloakOptions extends PresetOptions {
  /**
   * The address that clients log in at, as `https://sso.example.com`, with its path where there is one (`/auth` before
   * Keycloak 17). Neither http nor https is a ConfigError.
   */
  readonly url: string;
  /** The realm's name, spelled as in its address. Blanks and `/ ? # %` are a ConfigError. */
  readonly realm: string;
  /**
   * What an audience mapper puts into `aud`. Keycloak itself adds none for an API, so it cannot be demanded; with
   * several APIs in one realm, set it. Default: any. Empty is a ConfigError.
   */
  readonly audience?: Audience;
}

const realm = { form: /^[^\s/?#%]+$/, what: 'the name of a realm, without blanks and / ? # %' };

/**
 * Keycloak: access tokens of one realm, which has its own keys. Throws a ConfigError that names the option.
 * Source: https://www.keycloak.org/securing-apps/oidc-layers
 */
export function keycloak(options: KeycloakOptions): JwtSecret {
  const given = recordOf(options, ['url', 'realm', 'audience', 'claims'], 'presets.keycloak');
  const base = baseUrl(given['url'], 'presets.keycloak.url');
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
