import { recordOf } from '../option-checks.js';
import type { JwtSecret } from '../config/options.js';
import { namePart } from './preset-secret.js';
import { claimsOf, presetSecret, type PresetOptions } from './preset-secret.js';

/** What names a Firebase project. */
export interface FirebaseOptions extends PresetOptions {
  /** The project id, as `my-app-1234`; the project's number or an address is a ConfigError. */
  readonly projectId: string;
}

/** https://cloud.google.com/resource-manager/docs/creating-managing-projects; old ids begin with a domain and a colon. */
const projectId = {
  form: /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  what: 'a project id, as my-app-1234',
};

/**
 * Firebase Authentication and Google Identity Platform: ID tokens of one project. All projects share one key set, so the
 * project is both issuer and audience. Throws a ConfigError that names the option.
 * Source: https://firebase.google.com/docs/auth/admin/verify-id-tokens
 */
export function firebase(options: FirebaseOptions): JwtSecret {
  const given = recordOf(options, ['projectId', 'claims'], 'presets.firebase');
  const project = namePart(given['projectId'], 'presets.firebase.projectId', projectId);
  return presetSecret(
    {
      jwk_url:
        'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
      issuer: `https://securetoken.google.com/${project}`,
      audience: project,
    },
    claimsOf(given['claims'], 'presets.firebase.claims'),
  );
}
