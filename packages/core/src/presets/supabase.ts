import { recordOf } from '../option-checks.js';
import type { JwtSecret } from '../config/options.js';
import { namePart } from './preset-secret.js';
import {
  claimsOf,
  optionalAudience,
  presetSecret,
  type Audience,
  type PresetOptions,
} from './preset-secret.js';

/** What names a project of Supabase. */
export interface SupabaseOptions extends PresetOptions {
  /** The project's reference, the first label of its address, as `abcdefghijklmnopqrst`. Another form is a ConfigError. */
  readonly projectRef: string;
  /** Default `authenticated`: users who logged in. Empty is a ConfigError. */
  readonly audience?: Audience;
}

const projectRef = {
  form: /^[a-z0-9][a-z0-9-]*$/,
  what: "the project's reference, the first part of its address before .supabase.co",
};

/**
 * Supabase Auth: access tokens of one project that signs with asymmetric keys (older projects sign with a shared secret:
 * use `type` and `key`). Throws a ConfigError that names the option.
 * Source: https://supabase.com/docs/guides/auth/signing-keys, https://supabase.com/docs/guides/auth/jwt-fields
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
