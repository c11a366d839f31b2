import { URL } from 'node:url';
import type { JwtSecret } from '../config/options.js';
import { ConfigError } from '../errors.js';
import { httpUrl, kindOf, nonEmptyString, recordOf, stringList } from '../option-checks.js';

/** RFC 1123, section 2.1; at least two labels, and a port if there is one. */
const bareHost = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z0-9](?::\d{1,5})?$/;

/** A domain without scheme and path, as providers write it into `iss`: in lower case, without the port of https. */
export function bareDomain(value: unknown, option: string, example: string): string {
  const domain = nonEmptyString(value, option).toLowerCase();
  if (bareHost.test(domain)) return domain.replace(/:443$/, '');
  throw new ConfigError(
    option,
    `expected a bare domain such as ${example}, without https:// before it and without a path`,
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

/**
 * An address that others are built upon: http or https, as providers write it into `iss`, with the host in lower case and
 * without the scheme's own port and a slash at the end; or a ConfigError, also if it contains the path that is added to it.
 */
export function baseUrl(value: unknown, option: string, added?: string): string {
  const text = httpUrl(value, option);
  const { origin, pathname, username, password } = new URL(text);
  if (/[?#\s]/.test(text) || username !== '' || password !== '')
    throw new ConfigError(
      option,
      'expected an address without a user name, a query, a fragment and blanks',
    );
  const url = origin + pathname.replace(/\/+$/, '');
  if (added !== undefined && `${url}/`.includes(`${added}/`))
    throw new ConfigError(option, `expected an address without ${added}, which is added to it`);
  return url;
}

/** One audience, or several of which a token must contain one. */
export type Audience = string | readonly string[];

/** The members of a JWT configuration that say where a provider's tokens have the session variables. */
export type ClaimsOptions = Pick<
  JwtSecret,
  'claims_namespace' | 'claims_namespace_path' | 'claims_format' | 'claims_map'
>;

/** The option that every preset has beside those that name the tenant. */
export interface PresetOptions {
  /**
   * Where the tokens have the session variables, if the provider cannot put them into the claim
   * `https://hasura.io/jwt/claims`. Default: what the preset says. Any other member is a ConfigError. Not in Hasura.
   *
   * @example
   * const claims = { claims_namespace: 'https://my-app.example/claims' };
   */
  readonly claims?: ClaimsOptions | undefined;
}

/** What a preset knows of its provider. */
interface Provider {
  readonly jwk_url: string;
  readonly issuer?: string | undefined;
  readonly audience?: Audience | undefined;
  /** How the provider's tokens have the session variables, unless the app says otherwise. */
  readonly byDefault?: ClaimsOptions;
}

const claimsMembers: readonly (keyof ClaimsOptions)[] = [
  'claims_namespace',
  'claims_namespace_path',
  'claims_format',
  'claims_map',
];

/** The app's `claims`, without members that would change anything else. */
export function claimsOf(claims: unknown, option: string): ClaimsOptions {
  return recordOf(claims === undefined ? {} : claims, claimsMembers, option);
}

/**
 * The JWT configuration of a provider. Its tokens must contain `iss`, `exp` and, if an audience is set, `aud`: by itself
 * the engine accepts tokens without them (`extra_required_claims` is its own remedy).
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
    ...(claims.claims_map === undefined && byDefault),
    ...claims,
  };
}

/** A string that may be absent, or a ConfigError. */
export function optionalString(value: unknown, option: string): string | undefined {
  return value === undefined ? undefined : nonEmptyString(value, option);
}

/** An audience that may be absent, or a ConfigError. */
export function optionalAudience(value: unknown, option: string): Audience | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? nonEmptyString(value, option) : stringList(value, option);
}

/** An audience without which tokens that were issued for other apps would be accepted; `what` says what it is. */
export function requiredAudience(value: unknown, option: string, what: string): Audience {
  const audience = optionalAudience(value, option);
  if (audience !== undefined) return audience;
  throw new ConfigError(
    option,
    `expected ${what}, got ${kindOf(value)}; without it tokens that were issued for other apps would be accepted`,
  );
}
