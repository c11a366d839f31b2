import type { JwtSecret } from '../config/options.js';
import { recordOf } from '../option-checks.js';
import {
  type Audience,
  claimsOf,
  namePart,
  optionalAudience,
  type PresetOptions,
  presetSecret,
} from './preset-secret.js';

/** The Supabase project that issues the tokens. */
export interface SupabaseOptions extends PresetOptions {
  /**
   * The project's reference, the first label of its address, such as `abcdefghijklmnopqrst`; also if the project has a
   * custom domain, which its tokens do not name. Another form is a ConfigError.
   */
  readonly projectRef: string;
  /** The `aud` of the tokens. Default `authenticated`: users who logged in. Empty is a ConfigError. */
  readonly audience?: Audience | undefined;
}

const projectRef = {
  form: /^[a-z0-9][a-z0-9-]*$/,
  what: "the project's reference, the first part of its address before .supabase.co",
};

/**
 * The JWT configuration for access tokens of one Supabase project that signs with asymmetric keys. While a project moves
 * from its legacy secret, `jwtSecrets` can hold a configuration for each, see docs/providers.md. Throws a ConfigError that
 * names the option.
 * Source: https://supabase.com/docs/guides/auth/signing-keys, https://supabase.com/docs/guides/auth/jwt-fields
 *
 * @example
 * presets.supabase({
 *   projectRef: 'abcdefghijklmnopqrst',
 *   claims: { claims_namespace_path: '$.app_metadata.hasura' },
 * });
 */
export function supabase(options: SupabaseOptions): JwtSecret {
  const given = recordOf(options, ['projectRef', 'audience', 'claims'], 'presets.supabase');
  const project = namePart(given['projectRef'], 'presets.supabase.projectRef', projectRef);
  const issuer = `https://${project}.supabase.co/auth/v1`;
  return presetSecret(
    {
      jwk_url: `${issuer}/.well-known/jwks.json`,
      issuer,
      audience: optionalAudience(given['audience'] ?? 'authenticated', 'presets.supabase.audience'),
    },
    claimsOf(given['claims'], 'presets.supabase.claims'),
  );
}
