import { ConfigError } from '../errors.js';
import { isRecord, parseJson, type Members } from '../json.js';
import { isPlaceholder, kindOf, nearestName, type Warn } from '../option-checks.js';
import type { AuthHook } from '../webhook/options.js';
import type { AuthOptions } from './options.js';

/**
 * Environment variables by name: `process.env`, or a record that a schema has parsed. Values may be strings, numbers and
 * booleans; the variables that hold JSON may also be given parsed. Undefined and null are absent.
 */
export type Environment = object;

const prefix = 'HASURA_GRAPHQL_';

/** The variables that are read, without their prefix. */
const variableNames = [
  'ADMIN_SECRET',
  'ACCESS_KEY',
  'ADMIN_SECRETS',
  'DISABLE_ADMIN_SECRET',
  'JWT_SECRET',
  'JWT_SECRETS',
  'AUTH_HOOK',
  'AUTH_HOOK_MODE',
  'AUTH_HOOK_SEND_REQUEST_BODY',
  'UNAUTHORIZED_ROLE',
] as const;

type Name = (typeof variableNames)[number];

/** The options that have a variable, and which one an operator would set. */
const variableOfOption: ReadonlyMap<string, Name> = new Map([
  ['adminSecret', 'ADMIN_SECRET'],
  ['adminSecrets', 'ADMIN_SECRETS'],
  ['jwtSecret', 'JWT_SECRET'],
  ['jwtSecrets', 'JWT_SECRETS'],
  ['authHook', 'AUTH_HOOK'],
  ['unauthorizedRole', 'UNAUTHORIZED_ROLE'],
]);

/** What `optionsFromEnv` knows of its result beside the options; kept under a symbol, so that it survives a spread. */
const readings: unique symbol = Symbol.for('@hasura-auth/options-from-env');

interface Readings {
  /** Each option's value, and the variable that it was read from. */
  readonly options: ReadonlyMap<string, { readonly variable: string; readonly value: unknown }>;
  /** What is questionable in the environment: the variable, and why. */
  readonly warnings: readonly (readonly [variable: string, problem: string])[];
}

function readingsOf(options: object): Readings | undefined {
  return (options as { [readings]?: Readings })[readings]; // set below, or absent
}

/** Logs what is questionable in the environment that the options were read from. */
export function warnOfEnvironment(options: object, warn: Warn): void {
  for (const [variable, problem] of readingsOf(options)?.warnings ?? []) warn(variable, problem);
}

/**
 * How messages name an option or a member of it, such as `jwtSecret.key`: by its variable if the option was read from the
 * environment, or is absent and should have been read from there; otherwise by itself.
 *
 * @example
 * optionNames(optionsFromEnv())('jwtSecret.key'); // HASURA_GRAPHQL_JWT_SECRET.key
 */
export function optionNames(options: object): (path: string) => string {
  const read = readingsOf(options)?.options;
  if (read === undefined) return (path) => path;
  return (path) => {
    const option = path.replace(/[.[][^]*/, '');
    const value: unknown = (options as Members)[option]; // an option by its name
    const source = read.get(option);
    const usual = variableOfOption.get(option);
    // The other members of a hook have variables of their own, which are checked when they are read.
    const rest = option === 'authHook' ? '' : path.slice(option.length);
    if (source !== undefined && source.value === value) return source.variable + rest;
    return value === undefined && usual !== undefined ? prefix + usual + rest : path;
  };
}

/** A variable as text; undefined if it is absent. */
function text(env: Members, name: Name): string | undefined {
  const value = env[prefix + name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  throw new ConfigError(prefix + name, `expected text, got ${kindOf(value)}`);
}

/** An empty variable counts as absent. */
function optional(env: Members, name: Name): string | undefined {
  return text(env, name) || undefined;
}

function checkNotEmpty(value: string, name: Name): string {
  if (value.trim() !== '') return value;
  throw new ConfigError(prefix + name, 'it is empty; give it a value, or remove the variable');
}

/** An empty secret is a mistake, never an absence: it would switch a check off. */
function secret(env: Members, name: Name): string | undefined {
  const value = text(env, name);
  return value === undefined ? undefined : checkNotEmpty(value, name);
}

function jsonObject(env: Members, name: Name): unknown {
  const value = env[prefix + name];
  return isRecord(value) ? value : secret(env, name);
}

/** How each variable that holds a list is written. */
const exampleOf = {
  ADMIN_SECRETS: '["one","another"]',
  JWT_SECRETS: '[{"jwk_url":"https://…"}]',
} as const satisfies Partial<Record<Name, string>>;

type ListName = keyof typeof exampleOf;

function jsonList(env: Members, name: ListName): readonly unknown[] | undefined {
  const given = env[prefix + name];
  const value = Array.isArray(given) ? (given as unknown[]) : parsedList(secret(env, name), name);
  if (value === undefined || value.length > 0) return value;
  throw new ConfigError(prefix + name, 'expected a JSON array with at least one item');
}

function parsedList(json: string | undefined, name: ListName): readonly unknown[] | undefined {
  if (json === undefined) return undefined;
  const expected = 'expected a JSON array with at least one item';
  let value: unknown;
  try {
    value = parseJson(json);
  } catch {
    // not kept as a cause: a parser's error quotes its input
    throw new ConfigError(
      prefix + name,
      `${expected}${isPlaceholder(json) ? ', got a placeholder that was not filled in' : `, and this text is not valid JSON; check its quotes, as in ${exampleOf[name]}`}`,
    );
  }
  if (Array.isArray(value)) return value as unknown[];
  throw new ConfigError(prefix + name, `${expected}, got ${kindOf(value)}`);
}

const trueTexts = ['true', 't', 'yes', 'y', '1'];
const falseTexts = ['false', 'f', 'no', 'n', '0'];

function flag(env: Members, name: Name): boolean | undefined {
  const value = optional(env, name)?.toLowerCase();
  if (value === undefined) return undefined;
  if (trueTexts.includes(value)) return true;
  if (falseTexts.includes(value)) return false;
  throw new ConfigError(prefix + name, 'expected true or false');
}

function hookFrom(env: Members): AuthHook | undefined {
  const url = optional(env, 'AUTH_HOOK');
  const mode = optional(env, 'AUTH_HOOK_MODE')?.toUpperCase();
  const sendRequestBody = flag(env, 'AUTH_HOOK_SEND_REQUEST_BODY');
  if (mode !== undefined && mode !== 'GET' && mode !== 'POST')
    throw new ConfigError(`${prefix}AUTH_HOOK_MODE`, 'expected GET or POST');
  if (url === undefined) return undefined;
  return { url, ...(mode && { mode }), ...(sendRequestBody !== undefined && { sendRequestBody }) };
}

/** The admin secrets with their variables. Disabling them wins over a secret beside it, as in the engine. */
function adminSecretsFrom(env: Members): Record<string, readonly [Name, unknown]> {
  if (flag(env, 'DISABLE_ADMIN_SECRET')) return { adminSecret: ['DISABLE_ADMIN_SECRET', false] };
  const accessKey = secret(env, 'ACCESS_KEY');
  const adminSecret = secret(env, 'ADMIN_SECRET');
  return {
    adminSecret:
      adminSecret === undefined ? ['ACCESS_KEY', accessKey] : ['ADMIN_SECRET', adminSecret],
    adminSecrets: ['ADMIN_SECRETS', jsonList(env, 'ADMIN_SECRETS')],
  };
}

const isPresent = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '';

/** How far a name may be from a known one, prefix included, if its prefix is misspelt too. */
const farthestPrefix = 3;

/** Names that nobody else gives a variable with `HASURA_` alone. HASURA_ADMIN_SECRET is what clients of an engine send. */
const withoutPrefix = ['JWT_SECRET', 'JWT_SECRETS', 'AUTH_HOOK', 'UNAUTHORIZED_ROLE'] as const;

/** The known variable that an unknown one was probably meant to be. */
function meantVariable(name: string): string | undefined {
  const upper = name.toUpperCase();
  const unprefixed = withoutPrefix.find((known) => upper === `HASURA_${known}`);
  if (unprefixed !== undefined) return prefix + unprefixed;
  const nearest = upper.startsWith(prefix)
    ? nearestName(upper.slice(prefix.length), variableNames)
    : nearestName(
        upper,
        variableNames.map((known) => prefix + known),
        farthestPrefix,
      )?.slice(prefix.length);
  return nearest === undefined ? undefined : prefix + nearest;
}

function questionable(env: Members): Readings['warnings'] {
  const warnings: [string, string][] = [];
  for (const name of ['AUTH_HOOK_MODE', 'AUTH_HOOK_SEND_REQUEST_BODY'] as const)
    if (isPresent(env[prefix + name]) && !isPresent(env[`${prefix}AUTH_HOOK`]))
      warnings.push([
        prefix + name,
        `it has no effect, since ${prefix}AUTH_HOOK is not set; remove it`,
      ]);
  if (flag(env, 'DISABLE_ADMIN_SECRET'))
    for (const name of ['ADMIN_SECRET', 'ACCESS_KEY', 'ADMIN_SECRETS'])
      if (isPresent(env[prefix + name]))
        warnings.push([
          `${prefix}DISABLE_ADMIN_SECRET`,
          `it is true, so ${prefix}${name} has no effect; remove one of them`,
        ]);
  for (const name of Object.keys(env)) {
    const known = variableNames.some((variable) => name === prefix + variable);
    const meant = known || !isPresent(env[name]) ? undefined : meantVariable(name);
    // On Windows a name in lower case is the variable itself.
    if (meant !== undefined && !(name.toUpperCase() === meant && isPresent(env[meant])))
      warnings.push([name, `this variable is unknown; did you mean ${meant}?`]);
  }
  return warnings;
}

/**
 * Reads the options from the engine's `HASURA_GRAPHQL_*` variables; no other function reads the environment. Default: the
 * variables of this process. Throws a ConfigError that names the variable. A misspelt variable is logged as a warning when
 * the options are used.
 *
 * @example
 * const authenticator = createAuthenticator({ ...optionsFromEnv(), unauthorizedRole: 'anonymous' });
 */
export function optionsFromEnv(env: Environment = process.env): AuthOptions {
  if (!isRecord(env))
    throw new ConfigError('env', `expected an object of environment variables, got ${kindOf(env)}`);
  const read: Record<string, readonly [Name, unknown]> = {
    ...adminSecretsFrom(env),
    jwtSecret: ['JWT_SECRET', jsonObject(env, 'JWT_SECRET')],
    jwtSecrets: ['JWT_SECRETS', jsonList(env, 'JWT_SECRETS')],
    authHook: ['AUTH_HOOK', hookFrom(env)],
    unauthorizedRole: ['UNAUTHORIZED_ROLE', optional(env, 'UNAUTHORIZED_ROLE')],
  };
  const present = Object.entries(read).filter(([, [, value]]) => value !== undefined);
  const known: Readings = {
    options: new Map(
      present.map(([option, [name, value]]) => [option, { variable: prefix + name, value }]),
    ),
    warnings: questionable(env),
  };
  const options = Object.fromEntries(present.map(([option, [, value]]) => [option, value]));
  return Object.assign(options as AuthOptions, { [readings]: known }); // checked with all other options
}
