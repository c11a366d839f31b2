import type { JwtSecret } from '../config/options.js';
import { ConfigError } from '../errors.js';
import { oneOf, recordOf } from '../option-checks.js';
import {
  type Audience,
  claimsOf,
  namePart,
  type PresetOptions,
  presetSecret,
  requiredAudience,
} from './preset-secret.js';

/** A cloud of Microsoft Entra ID; `external-id` are tenants for customers (External ID, `ciamlogin.com`). */
export type EntraIdCloud = 'global' | 'us-government' | 'china' | 'external-id';

/** The tenant of Microsoft Entra ID and the API that tokens are for. */
export interface EntraIdOptions extends PresetOptions {
  /**
   * The tenant's id, a GUID. A domain, `common`, `organizations` and `consumers` are a ConfigError: no token has them as
   * its issuer.
   */
  readonly tenantId: string;
  /**
   * The API's application (client) id; in tokens of version 1 also its App ID URI. Required, since all tenants share keys.
   * Absent or empty is a ConfigError.
   */
  readonly audience: Audience;
  /**
   * The version of the API's access tokens, `requestedAccessTokenVersion` in its manifest, where null means 1. Default 2.
   * Anything else than 1 and 2 is a ConfigError, and so is 1 with External ID.
   */
  readonly tokenVersion?: 1 | 2 | undefined;
  /**
   * The cloud that the tenant is in: `global`, the national clouds `us-government` and `china`, or `external-id` for a
   * tenant for customers. Default `global`. Another value is a ConfigError.
   */
  readonly cloud?: EntraIdCloud | undefined;
}

const tenantId = {
  form: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  what: "the tenant's id, a GUID, since it is the tenant's name in its tokens",
};

/** Where each cloud's keys are, and which issuer tokens of version 1 have there. */
function hostsOf(cloud: EntraIdCloud, tenant: string): { login: string; version1?: string } {
  switch (cloud) {
    case 'global':
      return { login: 'login.microsoftonline.com', version1: 'sts.windows.net' };
    case 'us-government':
      return { login: 'login.microsoftonline.us', version1: 'sts.windows.net' };
    case 'china':
      return { login: 'login.partner.microsoftonline.cn', version1: 'sts.chinacloudapi.cn' };
    case 'external-id':
      return { login: `${tenant}.ciamlogin.com` };
  }
}

const clouds = ['global', 'us-government', 'china', 'external-id'] as const;

function tokenVersion(value: unknown): 1 | 2 {
  if (value === undefined) return 2;
  if (value === 1 || value === 2) return value;
  throw new ConfigError('presets.entraId.tokenVersion', 'expected 1 or 2');
}

/**
 * The JWT configuration for access tokens of Microsoft Entra ID (Azure AD) for one API, issued by one tenant. Throws a
 * ConfigError that names the option.
 * Source: https://learn.microsoft.com/entra/identity-platform/access-tokens,
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 *
 * @example
 * presets.entraId({
 *   tenantId: '8f1e0a52-3c4b-4d5e-9f60-718293a4b5c6',
 *   audience: '1c2d3e4f-5061-4728-93a4-b5c6d7e8f901',
 * });
 */
export function entraId(options: EntraIdOptions): JwtSecret {
  const known = ['tenantId', 'audience', 'tokenVersion', 'cloud', 'claims'];
  const given = recordOf(options, known, 'presets.entraId');
  const tenant = namePart(given['tenantId'], 'presets.entraId.tenantId', tenantId).toLowerCase();
  const cloud = oneOf(given['cloud'], clouds, 'presets.entraId.cloud', 'global');
  const version = tokenVersion(given['tokenVersion']);
  const audience = requiredAudience(
    given['audience'],
    'presets.entraId.audience',
    "the API's application id",
  );
  const claims = claimsOf(given['claims'], 'presets.entraId.claims');
  const { login, version1 } = hostsOf(cloud, tenant);
  const base = `https://${login}/${tenant}`;
  if (version === 2)
    return presetSecret(
      { jwk_url: `${base}/discovery/v2.0/keys`, issuer: `${base}/v2.0`, audience },
      claims,
    );
  if (version1 === undefined)
    throw new ConfigError('presets.entraId.tokenVersion', `expected 2 with cloud: '${cloud}'`);
  return presetSecret(
    { jwk_url: `${base}/discovery/keys`, issuer: `https://${version1}/${tenant}/`, audience },
    claims,
  );
}
