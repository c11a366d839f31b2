import type { ErrorResponse } from '../error-response.js';
import { ConfigError, defaultRealm } from '../errors.js';
import type { VerifiedTokensBounds } from '../jwt/verified-tokens.js';
import { leastRsaBits } from '../keys/algorithms.js';
import type { KeyRules } from '../keys/jwk.js';
import type { KeySetBounds } from '../keys/remote-jwks.js';
import { parseOnRefused, type ReportRefusal } from '../on-refused.js';
import { parseOnSession, type SessionStep } from '../on-session.js';
import { count, flag, nonEmptyString, oneOf, recordOf, type Warn } from '../option-checks.js';
import { parseRevocations, type RevocationSettings } from '../revocation/options.js';
import { parseRuntime, type Runtime } from '../runtime.js';
import { optionNames, warnOfEnvironment } from './env.js';
import { parseEngineDefaults, parseMode, type EngineDefaults, type Mode } from './mode.js';
import type { AuthOptions } from './options.js';

const keySetMembers = ['timeoutMs', 'maxBytes', 'maxAgeMs', 'maxStaleMs', 'waitMs', 'match'];

/** Reads `keySets`. */
export function parseKeySets(
  value: AuthOptions['keySets'],
  { match, maxAgeMs }: EngineDefaults['keySets'],
): KeySetBounds {
  const keySets = recordOf(value === undefined ? {} : value, keySetMembers, 'keySets');
  const endless = true;
  return {
    timeoutMs: count(keySets['timeoutMs'], 'keySets.timeoutMs', 5000, { least: 1 }),
    maxBytes: count(keySets['maxBytes'], 'keySets.maxBytes', 1_048_576, { least: 1 }),
    maxAgeMs: count(keySets['maxAgeMs'], 'keySets.maxAgeMs', maxAgeMs, { endless }),
    maxStaleMs: count(keySets['maxStaleMs'], 'keySets.maxStaleMs', Infinity, { endless }),
    waitMs: count(keySets['waitMs'], 'keySets.waitMs', 500),
    match: oneOf(keySets['match'], ['kid', 'any'], 'keySets.match', match),
  };
}

/** What a quoted string of a header can hold as it is (RFC 9110, section 5.6.4). */
const quotable = /^[ !#-[\]-~]+$/;

/** Reads `realm`, which is written between quotes in `WWW-Authenticate`. */
function parseRealm(value: unknown): string {
  if (value === undefined) return defaultRealm;
  const realm = nonEmptyString(value, 'realm');
  if (quotable.test(realm)) return realm;
  throw new ConfigError('realm', 'expected printable ASCII characters other than " and \\');
}

/** Reads `tokenCache`; undefined if verified tokens are not kept. */
function parseTokenCache(value: AuthOptions['tokenCache']): VerifiedTokensBounds | undefined {
  if (value === false) return undefined;
  const cache = recordOf(
    value === undefined ? {} : value,
    ['maxEntries', 'maxBytes'],
    'tokenCache',
  );
  return {
    maxEntries: count(cache['maxEntries'], 'tokenCache.maxEntries', 10_000, { least: 1 }),
    maxBytes: count(cache['maxBytes'], 'tokenCache.maxBytes', 67_108_864, { least: 1 }),
  };
}

/** All options, checked and with their defaults. */
export interface Settings {
  readonly mode: Mode;
  /** How messages name an option by its path: by itself, or by its environment variable. */
  readonly nameOf: (path: string) => string;
  readonly runtime: Runtime;
  /** How key sets are fetched, and which of their keys are used. */
  readonly keyRules: KeySetBounds & KeyRules;
  readonly errorResponse: ErrorResponse;
  /** The realm of `WWW-Authenticate`. */
  readonly realm: string;
  /** Undefined if verified tokens are not kept. */
  readonly tokenCache: VerifiedTokensBounds | undefined;
  /** What the app does with each session; undefined if nothing. */
  readonly onSession: SessionStep | undefined;
  readonly revocations: RevocationSettings;
  /** What is called for each rejection; undefined if nothing is. */
  readonly reportRefusal: ReportRefusal | undefined;
}

const knownOptions: readonly (keyof AuthOptions)[] = [
  'adminSecret',
  'adminSecrets',
  'jwtSecret',
  'jwtSecrets',
  'authHook',
  'unauthorizedRole',
  'precedence',
  'compatibility',
  'errorResponse',
  'realm',
  'onSession',
  'onRefused',
  'logRefusals',
  'unsecured',
  'requireAudience',
  'clientVariables',
  'tokenCache',
  'keySets',
  'revocations',
  'minRsaBits',
  'fetch',
  'logger',
  'runtime',
];

function parse(options: AuthOptions, nameOf: (path: string) => string): Settings {
  const runtime = parseRuntime(options);
  const warn: Warn = (option, problem) => {
    runtime.logger.warn(`${nameOf(option)}: ${problem}`);
  };
  warnOfEnvironment(options, warn);
  const defaults = parseEngineDefaults(options);
  const { errorResponse } = defaults;
  const keySets = parseKeySets(options.keySets, defaults.keySets);
  const realm = parseRealm(options.realm);
  const tokenCache = parseTokenCache(options.tokenCache);
  const revocations = parseRevocations(options.revocations);
  const minRsaBits = count(options.minRsaBits, 'minRsaBits', leastRsaBits, { least: leastRsaBits });
  const mode = parseMode(options, defaults, { keySets, minRsaBits, runtime, warn, nameOf });
  const onSession = parseOnSession(options.onSession);
  const logRefusals = flag(options.logRefusals, 'logRefusals', false);
  const reportRefusal = parseOnRefused(options.onRefused, logRefusals, runtime);
  const keyRules = { ...keySets, minRsaBits };
  return {
    mode,
    nameOf,
    runtime,
    keyRules,
    errorResponse,
    realm,
    tokenCache,
    revocations,
    onSession,
    reportRefusal,
  };
}

/**
 * Checks all options. Throws a ConfigError for the first mistake; its message names the option's path, or the variable
 * that the option came or should have come from.
 */
export function parseOptions(options: AuthOptions): Settings {
  recordOf(options, knownOptions, 'options');
  const nameOf = optionNames(options);
  try {
    return parse(options, nameOf);
  } catch (error) {
    throw error instanceof ConfigError ? error.named(nameOf(error.option)) : error;
  }
}
