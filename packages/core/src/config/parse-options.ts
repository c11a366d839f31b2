import { errorResponseStyles, type ErrorResponse } from '../error-response.js';
import { ConfigError } from '../errors.js';
import type { VerifiedTokensBounds } from '../jwt/verified-tokens.js';
import { count, oneOf, recordOf } from './check.js';
import { variableOf } from './env.js';
import { parseMode, type Mode } from './mode.js';
import type { AuthOptions } from './options.js';
import { parseOutside, type Outside } from './outside.js';

/** Everything that the options say, checked and with the defaults filled in. */
export interface Settings {
  readonly mode: Mode;
  readonly outside: Outside;
  readonly errorResponse: ErrorResponse;
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
  'unsecured',
  'requireAudience',
  'clientVariables',
  'tokenCache',
  'keySets',
  'fetch',
  'logger',
  'now',
  'setTimeout',
];

/** Reads `errorResponse`: a function, or a style by name. */
export function parseErrorResponse(value: unknown, byDefault: ErrorResponse): ErrorResponse {
  if (value === undefined) return byDefault;
  // What the app's function takes and answers is up to its type.
  if (typeof value === 'function') return value as Exclude<ErrorResponse, string>;
  return oneOf(value, errorResponseStyles, 'errorResponse', 'http');
}

function parseTokenCache(value: AuthOptions['tokenCache']): VerifiedTokensBounds | undefined {
  if (value === false) return undefined;
  const cache = recordOf(value ?? {}, ['maxEntries', 'maxBytes'], 'tokenCache');
  return {
    maxEntries: count(cache['maxEntries'], 'tokenCache.maxEntries', 10_000, { least: 1 }),
    maxBytes: count(cache['maxBytes'], 'tokenCache.maxBytes', 33_554_432, { least: 1 }),
  };
}

function parse(options: AuthOptions): Settings {
  recordOf(options, knownOptions, 'options');
  const outside = parseOutside(options);
  const mode = parseMode(options, outside);
  return {
    mode,
    outside,
    errorResponse: parseErrorResponse(
      options.errorResponse,
      options.compatibility === 'engine' ? 'engine' : 'http',
    ),
    tokenCache: parseTokenCache(options.tokenCache),
  };
}

/** Checks all options. Throws a ConfigError that names the option's path, and the variable where it came from there. */
export function parseOptions(options: AuthOptions): Settings {
  try {
    return parse(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const variable = variableOf(options, error.option.split(/[.[]/, 1)[0] ?? '');
    throw variable === undefined ? error : error.readFrom(variable);
  }
}
