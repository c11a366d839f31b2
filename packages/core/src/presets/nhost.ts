import { nonEmptyString, recordOf } from '../option-checks.js';
import type { JwtSecret } from '../config/options.js';
import { namePart } from './preset-secret.js';
import { claimsOf, presetSecret, type PresetOptions } from './preset-secret.js';

/** What names a project of Nhost. */
export interface NhostOptions extends PresetOptions {
  /** The project's subdomain, as `abcdefghijklmnopqrst`. Another form is a ConfigError. */
  readonly subdomain: string;
  /** The project's region, as `eu-central-1`. Another form is a ConfigError. */
  readonly region: string;
  /**
   * What the project's tokens have in `iss`: older versions of its auth service write `hasura-auth`, newer ones their own
   * address, and a project can choose. Default: any, since no other project has its keys. Empty is a ConfigError.
   */
  readonly issuer?: string;
}

const label = (what: string): { form: RegExp; what: string } => ({
  form: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  what,
});

/**
 * Nhost: access tokens of one project that signs with asymmetric keys. The claims are there already. Throws a ConfigError
 * that names the option. Source: https://docs.nhost.io/reference/auth/get--well-known-jwks-json
 */
export function nhost(options: NhostOptions): JwtSecret {
  const known = ['subdomain', 'region', 'issuer', 'claims'];
  const given = recordOf(options, known, 'presets.nhost');
  const subdomain = namePart(
    given['subdomain'],
    'presets.nhost.subdomain',
    label('the subdomain of a project, as abcdefghijklmnopqrst'),
  );
  const region = namePart(
    given['region'],
    'presets.nhost.region',
    label('the region of a project, as eu-central-1'),
  );
  const issuer = given['issuer'];
  return presetSecret(
    {
      jwk_url: `https://${subdomain}.auth.${region}.nhost.run/v1/.well-known/jwks.json`,
      ...(issuer !== undefined && { issuer: nonEmptyString(issuer, 'presets.nhost.issuer') }),
    },
    claimsOf(given['claims'], 'presets.nhost.claims'),
  );
}
