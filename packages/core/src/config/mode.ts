import { errorResponseStyles, type ErrorResponse } from '../error-response.js';
import { ConfigError } from '../errors.js';
import type { JwtConfig } from '../jwt/match-issuer.js';
import { flag, kindOf, oneOf } from '../option-checks.js';
import { parseHook, type HookConfig } from '../webhook/options.js';
import { parseJwtSecret, type JwtSecretContext } from './jwt-secret.js';
import type { AuthOptions } from './options.js';
import { checkFilledIn, headerText, parseAdminSecrets } from './secrets.js';

/** The options whose defaults `compatibility` flips; each can be set alone. */
export interface EngineDefaults {
  readonly precedence: 'jwt' | 'admin-secret';
  readonly requireAudience: boolean;
  readonly clientVariables: 'drop' | 'keep';
  readonly errorResponse: ErrorResponse;
  /** Defaults of `keySets`. */
  readonly keySets: {
    /** Whether a token's `kid` chooses the keys that are tried, or any key of a fitting family is. */
    readonly match: 'kid' | 'any';
    /** How long a key set without cache headers is fresh, in milliseconds. */
    readonly maxAgeMs: number;
  };
}

const hourMs = 3_600_000;

/** Reads `errorResponse`: a function, or a style by name. */
export function parseErrorResponse(value: unknown, byDefault: ErrorResponse): ErrorResponse {
  if (value === undefined) return byDefault;
  // Its parameters and its result are checked by its type only.
  if (typeof value === 'function') return value as Exclude<ErrorResponse, string>;
  return oneOf(value, errorResponseStyles, 'errorResponse', 'http');
}

/** Reads `compatibility`, and the options whose defaults it decides. */
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
    keySets: engine ? { match: 'any', maxAgeMs: Infinity } : { match: 'kid', maxAgeMs: hourMs },
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

/** What the mode needs to know of the other options. */
export interface ModeContext extends Pick<
  JwtSecretContext,
  'keySets' | 'minRsaBits' | 'runtime' | 'warn'
> {
  /** How messages name an option: by itself, or by its environment variable. */
  readonly nameOf: (option: keyof AuthOptions) => string;
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
  return Array.from(jwtSecrets as readonly unknown[], (secret, index) =>
    parseJwtSecret(secret, `jwtSecrets[${String(index)}]`, context),
  );
}

/** Why no token could be assigned to one of two configurations; undefined if their tokens can be distinguished. */
function ambiguity(one: JwtConfig, other: JwtConfig): string | undefined {
  if (JSON.stringify(one.location) !== JSON.stringify(other.location)) return undefined;
  if (one.issuer !== other.issuer) return undefined;
  if (one.issuer === undefined)
    return 'both read the same header and have no issuer; set the issuer of each, or another header';
  // A token of either names the same issuer: only its algorithm can say whose key signed it.
  const shared = [...one.algorithms].find((algorithm) => other.algorithms.has(algorithm));
  return shared === undefined
    ? undefined
    : `both read the same header and have the same issuer and keys for ${shared}; set another issuer or header, or algorithms that differ`;
}

function checkDistinct(jwts: readonly JwtConfig[], nameOf: ModeContext['nameOf']): void {
  jwts.forEach((later, at) => {
    jwts.slice(0, at).forEach((earlier, before) => {
      const problem = ambiguity(earlier, later);
      if (problem !== undefined)
        throw new ConfigError(
          `jwtSecrets[${String(at)}]`,
          `its tokens cannot be distinguished from those of ${nameOf('jwtSecrets')}[${String(before)}]: ${problem}`,
        );
    });
  });
}

const firstSet = (
  options: AuthOptions,
  names: readonly (keyof AuthOptions)[],
): keyof AuthOptions | undefined => names.find((name) => options[name] !== undefined);

const secretOptions = [
  'adminSecret',
  'adminSecrets',
  'jwtSecret',
  'jwtSecrets',
  'authHook',
  'unauthorizedRole',
] as const;

function unsecuredMode(options: AuthOptions, { nameOf, warn }: ModeContext): Mode {
  const beside = firstSet(options, secretOptions);
  if (beside !== undefined)
    throw new ConfigError(
      'unsecured',
      `true cannot be combined with ${nameOf(beside)}; remove one of them`,
    );
  warn('unsecured', 'true gives every request the role admin, or the role that it requests');
  return { kind: 'unsecured' };
}

function hookMode(
  options: AuthOptions,
  secrets: readonly string[],
  { nameOf, warn }: ModeContext,
): Mode {
  const jwt = firstSet(options, ['jwtSecret', 'jwtSecrets']);
  if (jwt !== undefined)
    throw new ConfigError(
      'authHook',
      `${nameOf('authHook')} and ${nameOf(jwt)} cannot both be set; keep one of them`,
    );
  if (options.unauthorizedRole !== undefined)
    throw new ConfigError(
      'unauthorizedRole',
      `it cannot be combined with ${nameOf('authHook')}: the webhook decides about requests without credentials`,
    );
  return { kind: 'webhook', secrets, hook: parseHook(options.authHook, 'authHook', warn) };
}

const disableVariable = 'HASURA_GRAPHQL_DISABLE_ADMIN_SECRET';

/** The way to have no admin access, in the words of where the configuration comes from. */
function withoutAdmin(secret: string): string {
  return secret === 'adminSecret'
    ? 'or adminSecret: false for no admin access'
    : `or ${disableVariable}=true`;
}

function missingSecret(options: AuthOptions, { nameOf }: ModeContext): ConfigError {
  const secret = nameOf('adminSecret');
  const jwtOrHook = firstSet(options, ['jwtSecret', 'jwtSecrets', 'authHook']);
  return new ConfigError(
    'adminSecret',
    jwtOrHook === undefined
      ? `none of ${secret}, ${nameOf('jwtSecret')} and ${nameOf('authHook')} is set; set one of them, or the option unsecured: true to accept every request as admin`
      : `${nameOf(jwtOrHook)} is set, so ${secret} must be set too, ${withoutAdmin(secret)}`,
  );
}

function parseAnonymous(
  { unauthorizedRole }: AuthOptions,
  clientVariables: AnonymousAccess['clientVariables'],
  { warn }: ModeContext,
): AnonymousAccess | undefined {
  if (unauthorizedRole === undefined) return undefined;
  const role = headerText(unauthorizedRole, 'unauthorizedRole');
  checkFilledIn(role, 'unauthorizedRole', 'role');
  if (role === 'admin')
    warn('unauthorizedRole', 'the role admin gives requests without credentials every permission');
  return { role, clientVariables };
}

/** Warns of an option that has no effect beside one that lists several of its kind. */
function warnOfReplaced(options: AuthOptions, { nameOf, warn }: ModeContext): void {
  for (const [several, one] of [
    ['jwtSecrets', 'jwtSecret'],
    ['adminSecrets', 'adminSecret'],
  ] as const)
    if (options[several] !== undefined && options[one] !== undefined)
      warn(several, `it is set, so ${nameOf(one)} has no effect; remove one of them`);
}

/** Turns the options that decide how requests are resolved into one mode, or throws a ConfigError. */
export function parseMode(
  options: AuthOptions,
  { precedence, requireAudience, clientVariables }: EngineDefaults,
  context: ModeContext,
): Mode {
  const { nameOf } = context;
  if (flag(options.unsecured, 'unsecured', false)) return unsecuredMode(options, context);
  warnOfReplaced(options, context);
  const secrets = parseAdminSecrets(options, context.warn);
  if (secrets === undefined) throw missingSecret(options, context);
  const anonymous = parseAnonymous(options, clientVariables, context);
  if (options.authHook !== undefined) return hookMode(options, secrets, context);
  const jwts = parseJwts(options, { ...context, requireAudience });
  checkDistinct(jwts, nameOf);
  if (jwts.length > 0) return { kind: 'jwt', secrets, jwts, precedence, anonymous };
  if (secrets.length > 0) return { kind: 'admin-secret', secrets, anonymous };
  throw new ConfigError(
    'adminSecret',
    `it allows no admin access, so ${nameOf('jwtSecret')} or ${nameOf('authHook')} must be set`,
  );
}
