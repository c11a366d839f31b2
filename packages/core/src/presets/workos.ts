import type { JwtSecret } from '../config/options.js';
import { recordOf } from '../option-checks.js';
import {
  type Audience,
  claimsOf,
  namePart,
  optionalAudience,
  optionalString,
  type PresetOptions,
  presetSecret,
} from './preset-secret.js';

/** The WorkOS application that issues the tokens. */
export interface WorkosOptions extends PresetOptions {
  /** The client id of the application, such as `client_01ABCDEF`. Another form is a ConfigError. */
  readonly clientId: string;
  /**
   * The `iss` of the tokens, such as `https://api.workos.com` in applications made before mid-2025, or a custom
   * authentication domain. Default: `https://api.workos.com/user_management/<clientId>`. Empty is a ConfigError.
   */
  readonly issuer?: string | undefined;
  /** The `aud` that the JWT template adds, if it adds one. Default: any. Empty is a ConfigError. */
  readonly audience?: Audience | undefined;
}

const clientId = { form: /^client_[A-Za-z0-9]+$/, what: 'a client id such as client_01ABCDEF' };

/**
 * The JWT configuration for access tokens of WorkOS AuthKit for one application, which has its own keys. A JWT template
 * adds the session variables, see docs/providers.md. Throws a ConfigError that names the option.
 * Source: https://workos.com/docs/reference/authkit/session-tokens, https://workos.com/docs/authkit/jwt-templates
 *
 * @example
 * presets.workos({ clientId: 'client_01ABCDEF' });
 */
export function workos(options: WorkosOptions): JwtSecret {
  const given = recordOf(options, ['clientId', 'issuer', 'audience', 'claims'], 'presets.workos');
  const client = namePart(given['clientId'], 'presets.workos.clientId', clientId);
  return presetSecret(
    {
      jwk_url: `https://api.workos.com/sso/jwks/${client}`,
      issuer:
        optionalString(given['issuer'], 'presets.workos.issuer') ??
        `https://api.workos.com/user_management/${client}`,
      audience: optionalAudience(given['audience'], 'presets.workos.audience'),
    },
    claimsOf(given['claims'], 'presets.workos.claims'),
  );
}
