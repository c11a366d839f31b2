import { recordOf } from '../option-checks.js';
import type { JwtSecret } from '../config/options.js';
import { ConfigError } from '../errors.js';
import { namePart } from './preset-secret.js';
import {
  claimsOf,
  presetSecret,
  requiredAudience,
  type Audience,
  type PresetOptions,
} from './preset-secret.js';

/** What names a tenant of Microsoft Entra ID and an API in it. */
export interface EntraIdOptions extends PresetOptions {
  /**
   * The tenant's id, a GUID. A domain, `common`, `organizations` and `consumers` are a ConfigError: no token names
   * them as its issuer.
   */
  readonly tenantId: string;
  /**
   * The API's application (client) id; in tokens of version 1 also its App ID URI. Needed, since all tenants share keys.
   * Absent or empty is a ConfigError.
   */
  readonly audience: Audience;
  /**
   * The version of the API's access tokens, `requestedAccessTokenVersion` in its manifest: there, null means 1. Default
   * 2. Anything else than 1 and 2 is a ConfigError.
   */
  readonly tokenVersion?: 1 | 2;
}

const tenantId = {
  form: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  what: "the tenant's id, a GUID, since tokens name their tenant by it",
};

/**
 * Microsoft Entra ID (Azure AD): access tokens for one API, issued by one tenant. Throws a ConfigError that names the
 * option. Source: https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 */
export function entraId(options: EntraIdOptions): JwtSecret {
  const known = ['tenantId', 'audience', 'tokenVersion', 'claims'];
  const given = recordOf(options, known, 'presets.entraId');
  const tenant = namePart(given['tenantId'], 'presets.entraId.tenantId', tenantId).toLowerCase();
  const version = given['tokenVersion'] ?? 2;
  if (version !== 1 && version !== 2)
    throw new ConfigError('presets.entraId.tokenVersion', 'expected 1 or 2');
  const login = `https://login.microsoftonline.com/${tenant}`;
  const audience = requiredAudience(
    given['audience'],
    'presets.entraId.audience',
    "the API's application id",
  );
  return presetSecret(
    version === 1
      ? {
          jwk_url: `${login}/discovery/keys`,
          issuer: `https://sts.windows.net/${tenant}/`,
          audience,
        }
      : { jwk_url: `${login}/discovery/v2.0/keys`, issuer: `${login}/v2.0`, audience },
    claimsOf(given['claims'], 'presets.entraId.claims'),
  );
}
