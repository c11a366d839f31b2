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

/** What names a user pool of Amazon Cognito. */
export interface CognitoOptions extends PresetOptions {
  /** The user pool's id, as `eu-central-1_AbCdEf123`; its region is read from it. Another form is a ConfigError. */
  readonly userPoolId: string;
  /**
   * The app client's id, where ID tokens are sent. Access tokens of Cognito have no `aud` (their `client_id` is not
   * checked), so with it they are refused. Default: any token of the pool. Empty is a ConfigError.
   */
  readonly audience?: Audience;
}

const userPoolId = {
  form: /^[a-z]{2,}(?:-[a-z]+)+-\d_[A-Za-z0-9]+$/,
  what: 'a user pool id, as eu-central-1_AbCdEf123',
};

/**
 * Amazon Cognito: tokens of one user pool, each of which has its own keys. The claims come as a string of JSON, since
 * triggers of the first version can add nothing else. Throws a ConfigError that names the option.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
 */
export function cognito(options: CognitoOptions): JwtSecret {
  const given = recordOf(options, ['userPoolId', 'audience', 'claims'], 'presets.cognito');
  const pool = namePart(given['userPoolId'], 'presets.cognito.userPoolId', userPoolId);
  const region = pool.slice(0, pool.indexOf('_'));
  const top = region.startsWith('cn-') ? 'com.cn' : 'com';
  const issuer = `https://cognito-idp.${region}.amazonaws.${top}/${pool}`;
  return presetSecret(
    {
      jwk_url: `${issuer}/.well-known/jwks.json`,
      issuer,
      audience: optionalAudience(given['audience'], 'presets.cognito.audience'),
      byDefault: { claims_format: 'stringified_json' },
    },
    claimsOf(given['claims'], 'presets.cognito.claims'),
  );
}
