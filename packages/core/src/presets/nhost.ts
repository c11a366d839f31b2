import type { JwtSecret } from '../config/options.js';
import { recordOf } from '../option-checks.js';
import {
  claimsOf,
  namePart,
  optionalString,
  type PresetOptions,
  presetSecret,
} from './preset-secret.js';

/** The Nhost project that issues the tokens. */
export interface NhostOptions extends PresetOptions {
  /** The project's subdomain, such as `abcdefghijklmnopqrst`. Another form is a ConfigError. */
  readonly subdomain: string;
  /** The project's region, such as `eu-central-1`. Another form is a ConfigError. */
  readonly region: string;
  /**
   * The `iss` of the project's tokens: `hasura-auth` in older versions of its auth service, and
   * `https://<subdomain>.auth.<region>.nhost.run/v1` in newer ones, unless the project sets another. Default: any, since
   * no other project has its keys. Empty is a ConfigError.
   */
  readonly issuer?: string | undefined;
}

const label = (what: string): { form: RegExp; what: string } => ({
  form: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  what,
});

/**
 * The JWT configuration for access tokens of one Nhost project that signs with asymmetric keys. They contain the session
 * variables. Throws a ConfigError that names the option. Source: https://docs.nhost.io/products/auth/jwt
 *
 * @example
 * presets.nhost({ subdomain: 'abcdefghijklmnopqrst', region: 'eu-central-1' });
 */
export function nhost(options: NhostOptions): JwtSecret {
  const known = ['subdomain', 'region', 'issuer', 'claims'];
  const given = recordOf(options, known, 'presets.nhost');
  const subdomain = namePart(
    given['subdomain'],
    'presets.nhost.subdomain',
    label('the subdomain of a project, such as abcdefghijklmnopqrst'),
  );
  const region = namePart(
    given['region'],
    'presets.nhost.region',
    label('the region of a project, such as eu-central-1'),
  );
  return presetSecret(
    {
      jwk_url: `https://${subdomain}.auth.${region}.nhost.run/v1/.well-known/jwks.json`,
      issuer: optionalString(given['issuer'], 'presets.nhost.issuer'),
    },
    claimsOf(given['claims'], 'presets.nhost.claims'),
  );
}
