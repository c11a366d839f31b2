import type { JwtSecret } from '../config/options.js';
import { ConfigError } from '../errors.js';
import { recordOf } from '../option-checks.js';
import {
  type Audience,
  claimsOf,
  type ClaimsOptions,
  presetSecret,
  requiredAudience,
} from './preset-secret.js';

/** The app that users sign in to with Google. */
export interface GoogleOptions {
  /**
   * The OAuth client id, such as `1234-abc.apps.googleusercontent.com`, or several (web, Android, iOS). Required, since
   * Google signs for all apps with the same keys. Absent or empty is a ConfigError.
   */
  readonly clientId: Audience;
  /** A `claims_map`, since Google's tokens cannot contain session variables. Absent is a ConfigError. */
  readonly claims: { readonly claims_map: NonNullable<ClaimsOptions['claims_map']> };
}

/**
 * The JWT configuration for ID tokens of Sign in with Google. Every Google account can get one for your app: the
 * `claims_map` decides what its user may do. Throws a ConfigError that names the option.
 * Source: https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
 *
 * @example
 * presets.google({
 *   clientId: '1234-abc.apps.googleusercontent.com',
 *   claims: {
 *     claims_map: {
 *       'x-hasura-allowed-roles': ['user'],
 *       'x-hasura-default-role': 'user',
 *       'x-hasura-user-id': { path: '$.sub' },
 *     },
 *   },
 * });
 */
export function google(options: GoogleOptions): JwtSecret {
  const given = recordOf(options, ['clientId', 'claims'], 'presets.google');
  const claims = claimsOf(given['claims'], 'presets.google.claims');
  if (claims.claims_map === undefined)
    throw new ConfigError(
      'presets.google.claims',
      "expected a claims_map, since Google's tokens cannot contain session variables",
    );
  return presetSecret(
    {
      jwk_url: 'https://www.googleapis.com/oauth2/v3/certs',
      issuer: 'https://accounts.google.com',
      audience: requiredAudience(
        given['clientId'],
        'presets.google.clientId',
        'the OAuth client id of your app',
      ),
    },
    claims,
  );
}
