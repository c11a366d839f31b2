import type { VerifiedTokensBounds } from '../jwt/verified-tokens.js';
import type { KeySetBounds } from '../keys/remote-jwks.js';
import { count, nonEmptyString, recordOf } from '../option-checks.js';
import { variableOf } from './env.js';
import type { AuthOptions } from './options.js';
import type { ErrorResponse } from '../error-response.js';
import { ConfigError, defaultRealm } from '../errors.js';
import { parseEngineDefaults, parseMode, type Mode } from './mode.js';
import { parseRuntime, type Runtime } from '../runtime.js';

/** Reads `keySets`. */
export function parseKeySets(value: AuthOptions['keySets']): KeySetBounds {
  const known = ['timeoutMs', 'maxBytes', 'maxStaleMs', 'waitMs'];
  const keySets = recordOf(value ?? {}, known, 'keySets');
  return {
    timeoutMs: count(keySets['timeoutMs'], 'keySets.timeoutMs', 5000, { least: 1 }),
    maxBytes: count(keySets['maxBytes'], 'keySets.maxBytes', 1_048_576, { least: 1 }),
    maxStaleMs: count(keySets['maxStaleMs'], 'keySets.maxStaleMs', Infinity, { endless: true }),
    waitMs: count(keySets['waitMs'], 'keySets.waitMs', 500),
  };
}

/** Reads `tokenCache`; undefined where verified tokens are not kept. */
export function parseTokenCache(
  value: AuthOptions['tokenCache'],
): VerifiedTokensBounds | undefined {
  if (value === false) return undefined;
  const cache = recordOf(value ?? {}, ['maxEntries', 'maxBytes'], 'tokenCache');
  return {
    maxEntries: count(cache['maxEntries'], 'tokenCache.maxEntries', 10_000, { least: 1 }),
    maxBytes: count(cache['maxBytes'], 'tokenCache.maxBytes', 67_108_864, { least: 1 }),
  };
}

/** Everything that the options say, checked and with the defaults filled in. */
export interface Settings {
  readonly mode: Mode;
  readonly runtime: Runtime;
  readonly errorResponse: ErrorResponse;
  readonly realm: string;
  /** Undefined where verified tokens are not kept. */
  readonly tokenCache: VerifiedTokensBounds | undefined;
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
  'unsecured',
  'requireAudience',
  'clientVariables',
  'tokenCache',
  'keySets',
  'fetch',
  'logger',
  'runtime',
];

function parse(options: AuthOptions): Settings {
  const runtime = parseRuntime(options);
  const defaults = parseEngineDefaults(options);
  const keySets = parseKeySets(options.keySets);
  const tokenCache = parseTokenCache(options.tokenCache);
  const mode = parseMode(options, defaults, { keySets, runtime });
  const realm = nonEmptyString(options.realm ?? defaultRealm, 'realm');
  return { mode, runtime, errorResponse: defaults.errorResponse, realm, tokenCache };
}

/** Checks all options. Throws a ConfigError that names the option's path, and the variable where it came from there. */
export function parseOptions(options: AuthOptions): Settings {
  recordOf(options, knownOptions, 'options');
  try {
    return parse(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const variable = variableOf(options, error.option.replace(/[.[][^]*/, ''));
    throw variable === undefined ? error : error.readFrom(variable);
  }
}
