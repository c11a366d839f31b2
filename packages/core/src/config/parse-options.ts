import type { ErrorResponse } from '../error-response.js';
import { ConfigError } from '../errors.js';
import type { VerifiedTokensBounds } from '../jwt/verified-tokens.js';
import { parseKeySets, parseTokenCache } from './bounds.js';
import { recordOf } from './check.js';
import { parseEngineDefaults } from './engine-defaults.js';
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

function parse(options: AuthOptions): Settings {
  const outside = parseOutside(options);
  const defaults = parseEngineDefaults(options);
  const keySets = parseKeySets(options.keySets);
  const tokenCache = parseTokenCache(options.tokenCache);
  const mode = parseMode(options, defaults, { keySets, outside });
  return { mode, outside, errorResponse: defaults.errorResponse, tokenCache };
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
