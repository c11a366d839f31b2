import { ConfigError } from '../errors.js';
import { algorithms, isAlgorithm, type Algorithm } from '../jwt/algorithms.js';
import type { JwtConfig, RequiredClaim, TokenLocation } from '../jwt/jwt-config.js';
import { registeredClaims } from '../jwt/registered-claims.js';
import { isRecord } from '../json.js';
import type { KeySource } from '../keys/key-source.js';
import { remoteJwks, type KeySetBounds } from '../keys/remote-jwks.js';
import {
  algorithmsOf,
  keyTypes,
  readStaticKey,
  staticKeySource,
  type KeyType,
  type StaticKey,
} from '../keys/static-key.js';
import { count, kindOf, nearestName, nonEmptyString, stringList } from './check.js';
import { parseClaimsSource } from './claims-source.js';
import { parseJwkUrl } from './jwk-url.js';
import type { JwtSecret } from './options.js';
import type { Outside } from './outside.js';

/** What a JWT configuration needs to know of the other options. */
export interface JwtSecretContext {
  readonly requireAudience: boolean;
  readonly keySets: KeySetBounds;
  readonly outside: Outside;
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

/** The object that an option holds, as itself or as its JSON text. */
function objectOrJson(value: unknown, option: string): Members {
  let object = value;
  if (typeof value === 'string')
    try {
      object = JSON.parse(value);
    } catch {
      throw new ConfigError(
        option,
        'expected a JSON object, and this text is not valid JSON; check its quotes and that line breaks in it are written \\n',
      );
    }
  if (isRecord(object)) return object;
  throw new ConfigError(
    option,
    `expected an object or its JSON text, and this is ${kindOf(object)}`,
  );
}

/** A near miss of a known member must not switch a check off; pasted configurations may carry other strangers. */
function checkMembers(secret: Members, option: string, { logger }: Outside): void {
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

interface Keys {
  readonly source: KeySource;
  /** What tokens may be signed with, as far as it is known at start. */
  readonly possible: readonly Algorithm[];
}

function parseKeys(secret: Members, option: string, { keySets, outside }: JwtSecretContext): Keys {
  const { type, key, jwk_url } = secret;
  if (key !== undefined && jwk_url !== undefined)
    throw new ConfigError(option, 'key and jwk_url cannot both be set; keep one of them');
  if (jwk_url !== undefined) {
    const { audience } = secret;
    const url = parseJwkUrl(jwk_url, option, { audience, logger: outside.logger });
    const possible = Object.keys(algorithms).filter(isAlgorithm);
    return {
      source: remoteJwks(url, keySets, outside),
      possible: possible.filter((name) => algorithms[name].family !== 'hmac'),
    };
  }
  if (key === undefined)
    throw new ConfigError(option, 'one of key and jwk_url is needed, and neither is there');
  if (type === undefined)
    throw new ConfigError(option, `type is needed beside key; it is one of ${keyTypes.join(', ')}`);
  const keyType = keyTypes.find((name) => name === type);
  if (keyType === undefined) {
    // no name of an algorithm is longer, and a secret that was put here by mistake is
    const short = typeof type === 'string' && type !== '' && type.length <= 10;
    const given = short ? JSON.stringify(type) : kindOf(type);
    throw new ConfigError(`${option}.type`, `expected one of ${keyTypes.join(', ')}, not ${given}`);
  }
  const text = nonEmptyString(key, `${option}.key`);
  const { key: imported, warnings } = importKey(keyType, text, `${option}.key`, outside.now());
  for (const warning of warnings) outside.logger.warn(`${option}.key: ${warning}`);
  return { source: staticKeySource(imported), possible: algorithmsOf(imported.family) };
}

function importKey(type: KeyType, text: string, option: string, now: number): StaticKey {
  try {
    return readStaticKey(type, text, now);
  } catch (error) {
    const { message } = error as Error; // in words of readStaticKey's own, which never quote the key
    throw new ConfigError(option, message);
  }
}

function parseAllowed(
  value: unknown,
  possible: readonly Algorithm[],
  option: string,
): JwtConfig['allows'] {
  if (value === undefined) return () => true;
  const allowed = new Set(
    stringList(value, option).map((name, index) => {
      const found = possible.find((algorithm) => algorithm === name);
      if (found !== undefined) return found;
      const fitting = possible.join(', ');
      throw new ConfigError(
        `${option}[${String(index)}]`,
        `expected an algorithm that fits the key: ${fitting}`,
      );
    }),
  );
  return (algorithm) => allowed.has(algorithm);
}

/** RFC 9110, section 5.6.2; cookie names are tokens too (RFC 6265, section 4.1.1). */
const httpToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers that mean something else here, so that a token cannot stand in them. */
const takenHeaders = ['x-hasura-admin-secret', 'x-hasura-access-key', 'x-hasura-role', 'cookie'];

function locationName(header: Members, option: string): string {
  const name = nonEmptyString(header['name'], `${option}.name`);
  if (httpToken.test(name)) return name;
  throw new ConfigError(`${option}.name`, 'expected a name without blanks and separators');
}

function parseLocation(value: unknown, option: string): TokenLocation {
  if (value === undefined) return { kind: 'authorization' };
  const header = objectOrJson(value, option);
  const type = typeof header['type'] === 'string' ? header['type'].toLowerCase() : undefined;
  switch (type) {
    case 'authorization':
      return { kind: 'authorization' };
    case 'cookie':
      return { kind: 'cookie', name: locationName(header, option) };
    case 'customheader': {
      const name = locationName(header, option).toLowerCase();
      if (takenHeaders.includes(name))
        throw new ConfigError(
          `${option}.name`,
          `${name} has a meaning of its own; choose another name`,
        );
      return { kind: 'header', name };
    }
    default:
      throw new ConfigError(
        `${option}.type`,
        'expected Authorization, Cookie (with a name) or CustomHeader (with a name)',
      );
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
  checkMembers(secret, option, context.outside);
  const { source, possible } = parseKeys(secret, option, context);
  const { issuer } = secret;
  return {
    keys: source,
    allows: parseAllowed(secret['algorithms'], possible, `${option}.algorithms`),
    location: parseLocation(secret['header'], `${option}.header`),
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
