import { errorResponseStyles, type ErrorResponse } from '../error-response.js';
import { flag, oneOf } from './check.js';
import type { AuthOptions } from './options.js';

/** The options whose defaults `compatibility` flips; each can be set alone. */
export interface EngineDefaults {
  readonly precedence: 'jwt' | 'admin-secret';
  readonly requireAudience: boolean;
  readonly clientVariables: 'drop' | 'keep';
  readonly errorResponse: ErrorResponse;
}

/** Reads `errorResponse`: a function, or a style by name. */
export function parseErrorResponse(value: unknown, byDefault: ErrorResponse): ErrorResponse {
  if (value === undefined) return byDefault;
  // What the app's function takes and answers is up to its type.
  if (typeof value === 'function') return value as Exclude<ErrorResponse, string>;
  return oneOf(value, errorResponseStyles, 'errorResponse', 'http');
}

/** Reads `compatibility`, and the four options that it gives their defaults. */
export function parseEngineDefaults(options: AuthOptions): EngineDefaults {
  const known = ['documented', 'engine'] as const;
  const engine = oneOf(options.compatibility, known, 'compatibility', 'documented') === 'engine';
  const { precedence, requireAudience, clientVariables, errorResponse } = options;
  return {
    precedence: oneOf(
      precedence,
      ['jwt', 'admin-secret'],
      'precedence',
      engine ? 'admin-secret' : 'jwt',
    ),
    requireAudience: flag(requireAudience, 'requireAudience', !engine),
    clientVariables: oneOf(
      clientVariables,
      ['drop', 'keep'],
      'clientVariables',
      engine ? 'keep' : 'drop',
    ),
    errorResponse: parseErrorResponse(errorResponse, engine ? 'engine' : 'http'),
  };
}
