import { recordOf } from '../option-checks.js';
import type { JwtSecret } from '../config/options.js';
import { ConfigError } from '../errors.js';
import {
  claimsOf,
  presetSecret,
  requiredAudience,
  type Audience,
  type ClaimsOptions,
} from './preset-secret.js';

/** What names an app that users sign in to with Google. */
export interface GoogleOptions {
  /**
   * The OAuth client id, as `1234-abc.apps.googleusercontent.com`, or several (web, Android, iOS). Needed, since Google
   * signs for all apps with the same keys. Absent or empty is a ConfigError.
   */
  readonly clientId: Audience;
  /** Must hold a `claims_map`: Google's tokens cannot carry claims of yours. Absent is a ConfigError. */
  readonly claims: Required<Pick<ClaimsOptions, 'claims_map'>>;
}

/**
 * Google: ID tokens of Sign in with Google. Anybody with a Google account gets one for your app: what they may do is
 * up to the `claims_map`. Throws a ConfigError that names the option.
 * Source: https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
 */
export function google(options: GoogleOptions): JwtSecret {
  const given = recordOf(options, ['clientId', 'claims'], 'presets.google');
  const claims = claimsOf(given['claims'], 'presets.google.claims');
  if (claims.claims_map === undefined)
    throw new ConfigError(
      'presets.google.claims',
      "a claims_map is needed, since Google's tokens cannot carry session variables of yours",
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
