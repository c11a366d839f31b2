import type { JwtSecret } from '../config/options.js';
import { recordOf } from '../option-checks.js';
import { claimsOf, namePart, type PresetOptions, presetSecret } from './preset-secret.js';

/** The Firebase project that issues the tokens. */
export interface FirebaseOptions extends PresetOptions {
  /** The project id, such as `my-app-1234`. The project's number or an address is a ConfigError. */
  readonly projectId: string;
}

/** https://cloud.google.com/resource-manager/docs/creating-managing-projects; old ids begin with a domain and a colon. */
const projectId = {
  form: /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  what: 'a project id such as my-app-1234',
};

/**
 * The JWT configuration for ID tokens of one project of Firebase Authentication or Google Identity Platform. All projects
 * share one key set, so that the project is both issuer and audience. Custom user claims hold the session variables, see
 * docs/providers.md. Throws a ConfigError that names the option.
 * Source: https://firebase.google.com/docs/auth/admin/verify-id-tokens
 *
 * @example
 * presets.firebase({ projectId: 'my-app-1234' });
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
