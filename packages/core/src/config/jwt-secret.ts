import { ConfigError } from '../errors.js';
import type { Members } from '../json.js';
import { parseClaimsSource } from '../jwt/claims-source.js';
import type { JwtConfig, RequiredClaim } from '../jwt/match-issuer.js';
import { registeredClaims } from '../jwt/registered-claims.js';
import { parseTokenLocation } from '../jwt/token-location.js';
import { algorithms, canonical, isAlgorithm, type Algorithm } from '../keys/algorithms.js';
import type { KeySource } from '../keys/key-source.js';
import { remoteJwks, type KeySetBounds } from '../keys/remote-jwks.js';
import {
  algorithmsOf,
  keyTypes,
  readStaticKey,
  staticKeySource,
  type KeyType,
  type StaticKey,
  type StaticKeyRules,
} from '../keys/static-key.js';
import {
  checkPastedMembers,
  duration,
  nonEmptyString,
  objectOrJson,
  stringList,
  kindOf,
  type Warn,
} from '../option-checks.js';
import type { Runtime } from '../runtime.js';
import { warnOfManagedRoles, parseJwkUrl } from './jwk-url.js';
import type { JwtSecret } from './options.js';
import { checkFilledIn, checkHmacKey } from './secrets.js';

/** What the keys need to know of the other options. */
export interface KeysContext {
  readonly keySets: KeySetBounds;
  /** The shortest RSA key that is accepted, in bits. */
  readonly minRsaBits: number;
  readonly runtime: Runtime;
  readonly warn: Warn;
}

/** The keys of one JWT configuration, and what they allow. */
export interface Keys {
  readonly source: KeySource;
  /** The algorithms that the keys may fit, as far as it is known at start. */
  readonly possible: readonly Algorithm[];
}

/** Reads `type` and `key`, or `jwk_url`. */
function parseKeys(
  secret: Members,
  option: string,
  { keySets, minRsaBits, runtime, warn }: KeysContext,
): Keys {
  const { type, key, jwk_url } = secret;
  if (key !== undefined && jwk_url !== undefined)
    throw new ConfigError(option, 'key and jwk_url cannot both be set; keep one of them');
  if (jwk_url !== undefined) {
    const { audience } = secret;
    const url = parseJwkUrl(jwk_url, option, { audience, warn });
    const possible = Object.keys(algorithms).filter(isAlgorithm);
    return {
      source: remoteJwks({ name: option, url }, { ...keySets, minRsaBits }, runtime),
      possible: possible.filter((name) => algorithms[name].family !== 'hmac'),
    };
  }
  if (key === undefined) throw new ConfigError(option, 'one of key and jwk_url must be set');
  if (type === undefined)
    throw new ConfigError(option, `type must be set beside key, to one of ${keyTypes.join(', ')}`);
  const keyType = keyTypes.find((name) => name === type);
  if (keyType === undefined) {
    // No name of an algorithm is longer, but a secret that was put here by mistake is.
    const short = typeof type === 'string' && type !== '' && type.length <= 10;
    const given = short ? JSON.stringify(type) : kindOf(type);
    throw new ConfigError(`${option}.type`, `expected one of ${keyTypes.join(', ')}, got ${given}`);
  }
  const text = nonEmptyString(key, `${option}.key`);
  checkFilledIn(text, `${option}.key`);
  if (algorithms[keyType].family === 'hmac') checkHmacKey(text, `${option}.key`, warn);
  const rules = { now: runtime.now(), minRsaBits };
  const { key: imported, warnings } = importKey(keyType, text, `${option}.key`, rules);
  for (const warning of warnings) warn(`${option}.key`, warning);
  return { source: staticKeySource(imported), possible: algorithmsOf(imported.family) };
}

function importKey(type: KeyType, text: string, option: string, rules: StaticKeyRules): StaticKey {
  try {
    return readStaticKey(type, text, rules);
  } catch (error) {
    const { message } = error as Error; // in words of readStaticKey's own, which never quote the key
    throw new ConfigError(option, message);
  }
}

/** The algorithms that a token may name: those that the keys may fit, or fewer, as `algorithms` says. */
function parseAllowed(
  value: unknown,
  possible: readonly Algorithm[],
  option: string,
): ReadonlySet<Algorithm> {
  if (value === undefined) return new Set(possible);
  return new Set(
    stringList(value, option).flatMap((name, index) => {
      const found = possible.find((algorithm) => algorithm === name);
      if (found !== undefined) return possible.filter((one) => canonical(one) === canonical(found));
      throw new ConfigError(
        `${option}[${String(index)}]`,
        `expected an algorithm that fits the key: ${possible.join(', ')}`,
      );
    }),
  );
}

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

const insteadOfList =
  'several configurations belong in HASURA_GRAPHQL_JWT_SECRETS, or the option jwtSecrets';

/** Without them a check would be off that the operator believes to be on. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['aud', 'audience'],
  ['iss', 'issuer'],
  ['leeway', 'allowed_skew'],
  ['clockTolerance', 'allowed_skew'],
  ['clock_tolerance', 'allowed_skew'],
  ['jwks_uri', 'jwk_url'],
  ['jwksUri', 'jwk_url'],
  ['jwks_url', 'jwk_url'],
]);

/** A key set, or a key of one, is not a configuration. */
function refuseKeyItself(secret: Members, option: string): void {
  const what = Array.isArray(secret['keys'])
    ? 'a JWK set'
    : secret['kty'] === undefined
      ? undefined
      : 'a JWK';
  if (what !== undefined)
    throw new ConfigError(
      option,
      `it is ${what} itself; publish it and set jwk_url to its address, or set type, and key to the key as PEM`,
    );
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
  if (typeof value === 'string') return new Set([nonEmptyString(value, option)]);
  if (Array.isArray(value)) return new Set(stringList(value, option));
  throw new ConfigError(option, `expected a string or a list of strings, got ${kindOf(value)}`);
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
  const secret = objectOrJson(value, option, option.endsWith(']') ? undefined : insteadOfList);
  refuseKeyItself(secret, option);
  checkPastedMembers(secret, knownMembers, { option, warn, otherNames });
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
