import type { JwtSecret } from '../config/options.js';
import { oneOf, recordOf } from '../option-checks.js';
import {
  type Audience,
  claimsOf,
  namePart,
  optionalAudience,
  type PresetOptions,
  presetSecret,
} from './preset-secret.js';

/** The user pool of Amazon Cognito that issues the tokens. */
export interface CognitoOptions extends PresetOptions {
  /**
   * The user pool's id, such as `eu-central-1_AbCdEf123`, which contains its region. Another form is a ConfigError, and so
   * is a region other than those of AWS's commercial regions, GovCloud and China.
   */
  readonly userPoolId: string;
  /**
   * The issuer configuration of the pool: `original` (`https://cognito-idp.…`) or `updated`
   * (`https://issuer-cognito-idp.…`), which AWS recommends for new pools. Default `original`, as in pools that were not
   * changed. Another value is a ConfigError.
   */
  readonly issuer?: 'original' | 'updated' | undefined;
  /**
   * The app client's id, if clients send ID tokens. Access tokens have an `aud` only if the client requested one with
   * `resource`, so that others are rejected. Default: any token of the pool. Empty is a ConfigError.
   */
  readonly audience?: Audience | undefined;
}

/** Other partitions of AWS have hosts that no public document names. */
const userPoolId = {
  form: /^(?!us-iso|eu-iso|eusc-)[a-z]{2,}(?:-[a-z]+)+-\d_[A-Za-z0-9]+$/,
  what: 'a user pool id such as eu-central-1_AbCdEf123, in a commercial region, GovCloud or China',
};

const hosts = { original: 'cognito-idp', updated: 'issuer-cognito-idp' } as const;

/**
 * The JWT configuration for tokens of one user pool of Amazon Cognito. Each pool has its own keys. A Lambda trigger adds
 * the session variables as a string of JSON, see docs/providers.md. Throws a ConfigError that names the option.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html,
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IssuerConfigurationType.html
 *
 * @example
 * presets.cognito({ userPoolId: 'eu-central-1_AbCdEf123', audience: '1example23456789' });
 */
export function cognito(options: CognitoOptions): JwtSecret {
  const known = ['userPoolId', 'issuer', 'audience', 'claims'];
  const given = recordOf(options, known, 'presets.cognito');
  const pool = namePart(given['userPoolId'], 'presets.cognito.userPoolId', userPoolId);
  const host =
    hosts[oneOf(given['issuer'], ['original', 'updated'], 'presets.cognito.issuer', 'original')];
  const region = pool.slice(0, pool.indexOf('_'));
  const top = region.startsWith('cn-') ? 'com.cn' : 'com';
  const issuer = `https://${host}.${region}.amazonaws.${top}/${pool}`;
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
