import { ConfigError } from '../errors.js';
import { parseClaimsSource } from '../jwt/claims-source.js';
import type { JwtConfig, RequiredClaim } from '../jwt/match-issuer.js';
import { registeredClaims } from '../jwt/registered-claims.js';
import { parseTokenLocation } from '../jwt/token-location.js';
import {
  checkPastedMembers,
  duration,
  nonEmptyString,
  objectOrJson,
  stringList,
} from '../option-checks.js';
import { warnOfManagedRoles } from './jwk-url.js';
import { parseAllowed, parseKeys, type KeysContext } from './jwt-keys.js';
import type { JwtSecret } from './options.js';

/** What a JWT configuration needs to know of the other options. */
export interface JwtSecretContext extends KeysContext {
  readonly requireAudience: boolean;
}

const knownMembers: readonly (keyof JwtSecret)[] = [
  'type',
  'key',
  'jwk_url',
  'claims_namespace',
  'claims_namespace_path',
  'claims_format',
  'audience',
  'issuer',
  'claims_map',
  'allowed_skew',
  'header',
  'extra_required_claims',
  'algorithms',
];

const claimNames: ReadonlyMap<string, RequiredClaim> = new Map([
  ['issuer', 'iss'],
  ['audience', 'aud'],
]);

function parseRequiredClaims(value: unknown, option: string): readonly RequiredClaim[] {
  if (value === undefined) return [];
  const isRegistered = (name: string): name is RequiredClaim => registeredClaims.has(name);
  return stringList(value, option).map((given, index) => {
    const name = claimNames.get(given) ?? given;
    if (isRegistered(name)) return name;
    throw new ConfigError(
      `${option}[${String(index)}]`,
      `expected audience, issuer or one of ${[...registeredClaims].join(', ')}`,
    );
  });
}

function parseAudiences(value: unknown, option: string): ReadonlySet<string> | undefined {
  if (value === undefined) return undefined;
  return new Set(
    typeof value === 'string' ? [nonEmptyString(value, option)] : stringList(value, option),
  );
}

/** A skew of more than this many milliseconds, 285,000 years, would only lose the precision of the moments it is added to. */
const mostSkewMs = Number.MAX_SAFE_INTEGER;

/** Reads one JWT configuration, as an object or as its JSON text; members that are null are absent, as in the engine. */
export function parseJwtSecret(
  value: unknown,
  option: string,
  context: JwtSecretContext,
): JwtConfig {
  const { warn } = context;
  const secret = objectOrJson(value, option);
  checkPastedMembers(secret, knownMembers, { option, warn });
  const { source, possible } = parseKeys(secret, option, context);
  const algorithms = parseAllowed(secret['algorithms'], possible, `${option}.algorithms`);
  const claims = parseClaimsSource(secret, option, warn);
  warnOfManagedRoles(secret['jwk_url'], claims, { option, warn });
  const { issuer } = secret;
  return {
    option,
    keys: source,
    algorithms,
    location: parseTokenLocation(secret['header'], `${option}.header`, warn),
    issuer: issuer === undefined ? undefined : nonEmptyString(issuer, `${option}.issuer`),
    audiences: parseAudiences(secret['audience'], `${option}.audience`),
    requireAudience: context.requireAudience,
    skewMs: Math.min(1000 * duration(secret['allowed_skew'], `${option}.allowed_skew`), mostSkewMs),
    requiredClaims: parseRequiredClaims(
      secret['extra_required_claims'],
      `${option}.extra_required_claims`,
    ),
    claims,
  };
}
