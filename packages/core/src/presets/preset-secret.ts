import { kindOf, nonEmptyString, recordOf, stringList } from '../config/check.js';
import type { JwtSecret } from '../config/options.js';
import { ConfigError } from '../errors.js';

/** One audience, or several of which a token must name one. */
export type Audience = string | readonly string[];

/** Where the session variables are in the provider's tokens: the members of a JWT configuration that say so. */
export type ClaimsOptions = Pick<
  JwtSecret,
  'claims_namespace' | 'claims_namespace_path' | 'claims_format' | 'claims_map'
>;

/** What every preset takes beside what names the tenant. */
export interface PresetOptions {
  /**
   * Where the session variables are, where the provider cannot put them under `https://hasura.io/jwt/claims`. Default:
   * what the preset says. Another member than these four is a ConfigError; their values are checked when
   * `createAuthenticator` runs. Ours.
   */
  readonly claims?: ClaimsOptions;
}

/** What a preset knows of its provider. */
interface Provider {
  readonly jwk_url: string;
  readonly issuer?: string;
  readonly audience?: Audience | undefined;
  /** How the provider writes the claims, unless the app says otherwise. */
  readonly byDefault?: ClaimsOptions;
}

const claimsMembers: readonly (keyof ClaimsOptions)[] = [
  'claims_namespace',
  'claims_namespace_path',
  'claims_format',
  'claims_map',
];

/** The app's `claims`, checked for members that would change something else than the claims. */
export function claimsOf(claims: unknown, option: string): ClaimsOptions {
  return recordOf(claims ?? {}, claimsMembers, option);
}

/**
 * The JWT configuration of a provider. Tokens must name the issuer and end; they must name the audience where one is set.
 * The engine lets a token pass that leaves these claims out (`extra_required_claims` is its own cure).
 */
export function presetSecret(
  { jwk_url, issuer, audience, byDefault }: Provider,
  claims: ClaimsOptions,
): JwtSecret {
  return {
    jwk_url,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
    extra_required_claims: ['issuer', ...(audience === undefined ? [] : ['audience']), 'exp'],
    ...byDefault,
    ...claims,
  };
}

/** An audience where it may be left out, or a ConfigError. */
export function optionalAudience(value: unknown, option: string): Audience | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? nonEmptyString(value, option) : stringList(value, option);
}

/** An audience where leaving it out would let in tokens that were made for somebody else; `what` says what it is. */
export function requiredAudience(value: unknown, option: string, what: string): Audience {
  const audience = optionalAudience(value, option);
  if (audience !== undefined) return audience;
  throw new ConfigError(
    option,
    `expected ${what}, and this is ${kindOf(value)}; without it tokens that were made for others would be let in`,
  );
}
