import { ConfigError } from '../errors.js';
import type { JwtConfig, RequiredClaim } from '../jwt/jwt-config.js';
import { registeredClaims } from '../jwt/registered-claims.js';
import { count, nearestName, nonEmptyString, objectOrJson, stringList } from '../option-checks.js';
import { parseClaimsSource } from '../jwt/claims-source.js';
import { parseAllowed, parseKeys, type KeysContext } from './jwt-keys.js';
import type { JwtSecret } from './options.js';
import type { Runtime } from '../runtime.js';
import { parseTokenHeader } from '../jwt/token-location-option.js';

/** What a JWT configuration needs to know of the other options. */
export interface JwtSecretContext extends KeysContext {
  readonly requireAudience: boolean;
}

type Members = Readonly<Record<string, unknown>>;

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

/** A near miss of a known member must not switch a check off; pasted configurations may carry other strangers. */
function checkMembers(secret: Members, option: string, { logger }: Runtime): void {
  for (const member of Object.keys(secret)) {
    if (knownMembers.some((known) => known === member)) continue;
    const nearest = nearestName(member, knownMembers);
    if (nearest !== undefined)
      throw new ConfigError(
        option,
        `${JSON.stringify(member)} is unknown; did you mean ${nearest}?`,
      );
    logger.warn(`${option}: the member ${JSON.stringify(member)} is unknown and has no effect`);
  }
}

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

/** Reads one JWT configuration, as an object or as its JSON text. */
export function parseJwtSecret(
  value: unknown,
  option: string,
  context: JwtSecretContext,
): JwtConfig {
  const secret = objectOrJson(value, option);
  checkMembers(secret, option, context.runtime);
  const { source, possible } = parseKeys(secret, option, context);
  const { issuer } = secret;
  return {
    keys: source,
    allows: parseAllowed(secret['algorithms'], possible, `${option}.algorithms`),
    location: parseTokenHeader(secret['header'], `${option}.header`),
    issuer: issuer === undefined ? undefined : nonEmptyString(issuer, `${option}.issuer`),
    audiences: parseAudiences(secret['audience'], `${option}.audience`),
    requireAudience: context.requireAudience,
    skewMs: 1000 * count(secret['allowed_skew'], `${option}.allowed_skew`, 0),
    requiredClaims: parseRequiredClaims(
      secret['extra_required_claims'],
      `${option}.extra_required_claims`,
    ),
    claims: parseClaimsSource(secret, option),
  };
}
