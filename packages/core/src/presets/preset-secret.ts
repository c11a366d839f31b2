import { httpUrl, nonEmptyString, kindOf, recordOf, stringList } from '../option-checks.js';
import { ConfigError } from '../errors.js';
import type { JwtSecret } from '../config/options.js';

/** RFC 1123, section 2.1; at least two labels, and a port where there is one. */
const bareHost = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z0-9](?::\d{1,5})?$/;

/** A domain without scheme and path, in lower case as providers write it into `iss`; or a ConfigError. */
export function bareDomain(value: unknown, option: string, example: string): string {
  const domain = nonEmptyString(value, option).toLowerCase();
  if (bareHost.test(domain)) return domain;
  throw new ConfigError(
    option,
    `expected a bare domain, as ${example}, without https:// before it and without a path`,
  );
}

/** A name that becomes part of an address, or a ConfigError: it must not be able to name another address. */
export function namePart(
  value: unknown,
  option: string,
  { form, what }: { readonly form: RegExp; readonly what: string },
): string {
  const name = nonEmptyString(value, option);
  if (form.test(name)) return name;
  throw new ConfigError(option, `expected ${what}`);
}

/** An address that others are built upon: http or https, without query and without the slash at its end. */
export function baseUrl(value: unknown, option: string): string {
  const url = httpUrl(value, option);
  if (!/[?#\s]/.test(url)) return url.replace(/\/+$/, '');
  throw new ConfigError(option, 'expected an address without a query, a fragment and blanks');
}

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
    `expected ${what}, got ${kindOf(value)}; without it tokens that were made for others would be let in`,
  );
}
