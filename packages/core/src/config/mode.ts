import { errorResponseStyles, type ErrorResponse } from '../error-response.js';
import { flag, oneOf, kindOf, nonEmptyString, stringList } from '../option-checks.js';
import type { AuthOptions } from './options.js';
import { ConfigError } from '../errors.js';
import type { JwtConfig } from '../jwt/jwt-config.js';
import { parseHook, type HookConfig } from '../webhook/options.js';
import { parseJwtSecret, type JwtSecretContext } from './jwt-secret.js';

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

/** What happens to requests without credentials. */
export interface AnonymousAccess {
  readonly role: string;
  readonly clientVariables: 'drop' | 'keep';
}

/** How requests are resolved, decided at start: request code cannot meet an impossible combination. */
export type Mode =
  | { readonly kind: 'unsecured' }
  | {
      readonly kind: 'admin-secret';
      readonly secrets: readonly string[];
      readonly anonymous: AnonymousAccess | undefined;
    }
  | {
      readonly kind: 'jwt';
      readonly secrets: readonly string[];
      readonly jwts: readonly JwtConfig[];
      readonly precedence: 'jwt' | 'admin-secret';
      readonly anonymous: AnonymousAccess | undefined;
    }
  | { readonly kind: 'webhook'; readonly secrets: readonly string[]; readonly hook: HookConfig };

/** The admin secrets; undefined where nothing was said of them, empty where there shall be no admin access. */
function parseSecrets({ adminSecret, adminSecrets }: AuthOptions): readonly string[] | undefined {
  if (adminSecrets !== undefined) return stringList(adminSecrets, 'adminSecrets');
  if (adminSecret === undefined) return undefined;
  return adminSecret === false ? [] : [nonEmptyString(adminSecret, 'adminSecret')];
}

function parseJwts(
  { jwtSecret, jwtSecrets }: AuthOptions,
  context: JwtSecretContext,
): readonly JwtConfig[] {
  if (jwtSecrets === undefined)
    return jwtSecret === undefined ? [] : [parseJwtSecret(jwtSecret, 'jwtSecret', context)];
  if (!Array.isArray(jwtSecrets) || jwtSecrets.length === 0)
    throw new ConfigError(
      'jwtSecrets',
      `expected a list with at least one JWT configuration, got ${kindOf(jwtSecrets)}`,
    );
  const jwts = jwtSecrets.map((secret: unknown, index) =>
    parseJwtSecret(secret, `jwtSecrets[${String(index)}]`, context),
  );
  checkDistinct(jwts);
  return jwts;
}

/** Two configurations with one location and one issuer, or none, could never be told apart. */
function checkDistinct(jwts: readonly JwtConfig[]): void {
  const seen = new Map<string, number>();
  jwts.forEach(({ location, issuer }, index) => {
    const place = JSON.stringify([location, issuer ?? null]);
    const earlier = seen.get(place);
    if (earlier !== undefined)
      throw new ConfigError(
        `jwtSecrets[${String(index)}]`,
        `it reads the same header as jwtSecrets[${String(earlier)}] and has ${issuer === undefined ? 'no issuer either' : 'the same issuer'}, so that their tokens could not be told apart; give each its own issuer or header`,
      );
    seen.set(place, index);
  });
}

const isSet = (options: AuthOptions, names: readonly (keyof AuthOptions)[]): string | undefined =>
  names.find((name) => options[name] !== undefined);

function unsecuredMode(options: AuthOptions): Mode {
  const beside = isSet(options, [
    'adminSecret',
    'adminSecrets',
    'jwtSecret',
    'jwtSecrets',
    'authHook',
    'unauthorizedRole',
  ]);
  if (beside !== undefined)
    throw new ConfigError('unsecured', `true cannot stand beside ${beside}; remove one of them`);
  return { kind: 'unsecured' };
}

function hookMode(options: AuthOptions, secrets: readonly string[]): Mode {
  if (isSet(options, ['jwtSecret', 'jwtSecrets']) !== undefined)
    throw new ConfigError(
      'authHook',
      'authHook and jwtSecret cannot both be set; keep one of them',
    );
  if (options.unauthorizedRole !== undefined)
    throw new ConfigError(
      'unauthorizedRole',
      'it cannot stand beside authHook: the hook itself answers for requests without credentials',
    );
  return { kind: 'webhook', secrets, hook: parseHook(options.authHook, 'authHook') };
}

function noSecret(jwtOrHook: string | undefined): ConfigError {
  return new ConfigError(
    'adminSecret',
    jwtOrHook === undefined
      ? 'no adminSecret, jwtSecret or authHook is set; set one, or unsecured: true to let everybody in as admin'
      : `${jwtOrHook} needs an adminSecret beside it; set one, or false for no admin access at all`,
  );
}

/** Turns the options that decide how requests are resolved into one mode, or throws the ConfigError that says why not. */
export function parseMode(
  options: AuthOptions,
  { precedence, requireAudience, clientVariables }: EngineDefaults,
  { keySets, runtime }: Pick<JwtSecretContext, 'keySets' | 'runtime'>,
): Mode {
  if (flag(options.unsecured, 'unsecured', false)) return unsecuredMode(options);
  const secrets = parseSecrets(options);
  if (secrets === undefined)
    throw noSecret(isSet(options, ['jwtSecret', 'jwtSecrets', 'authHook']));
  const { unauthorizedRole } = options;
  const anonymous =
    unauthorizedRole === undefined
      ? undefined
      : { role: nonEmptyString(unauthorizedRole, 'unauthorizedRole'), clientVariables };
  if (options.authHook !== undefined) return hookMode(options, secrets);
  const jwts = parseJwts(options, { requireAudience, keySets, runtime });
  if (jwts.length > 0) return { kind: 'jwt', secrets, jwts, precedence, anonymous };
  if (secrets.length > 0) return { kind: 'admin-secret', secrets, anonymous };
  throw new ConfigError(
    'adminSecret',
    'false without jwtSecret or authHook leaves no way in; set one of them',
  );
}
