import { ConfigError } from '../errors.js';
import type { AuthHook, AuthOptions } from './options.js';

/** Environment variables by name; `process.env` fits. */
export type Environment = Readonly<Record<string, string | undefined>>;

const prefix = 'HASURA_GRAPHQL_';

/** Which variable each option was read from; kept under a symbol, so that it outlives a spread and is no option. */
const sources: unique symbol = Symbol.for('@hasura-auth/options-from-env');

interface EnvironmentSource {
  readonly variable: string;
  readonly value: unknown;
}

/** The environment variable that an option was read from; undefined where it was set otherwise, also later on. */
export function variableOf(options: object, option: string): string | undefined {
  const read = (options as { [sources]?: ReadonlyMap<string, EnvironmentSource> })[sources]; // set below, or absent
  const source = read?.get(option);
  const current = (options as Readonly<Record<string, unknown>>)[option]; // an option by its name
  return source?.value === current ? source?.variable : undefined;
}

/** An empty variable counts as absent. */
function optional(env: Environment, name: string): string | undefined {
  return env[prefix + name] || undefined;
}

/** A secret that is there but empty is a mistake, never an absence: nobody means to switch a check off so. */
function secret(env: Environment, name: string): string | undefined {
  const value = env[prefix + name];
  if (value === undefined || value.trim() !== '') return value;
  throw new ConfigError(prefix + name, 'it is empty; give it a value, or remove the variable');
}

function jsonList(env: Environment, name: string): readonly unknown[] | undefined {
  const text = secret(env, name);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.length > 0) return value as unknown[];
  } catch {
    // not kept as a cause: a parser's error quotes its input
  }
  throw new ConfigError(prefix + name, 'expected a JSON array with at least one item');
}

const trueTexts = ['true', 't', 'yes', 'y', '1'];
const falseTexts = ['false', 'f', 'no', 'n', '0'];

function bool(env: Environment, name: string): boolean | undefined {
  const text = optional(env, name)?.toLowerCase();
  if (text === undefined) return undefined;
  if (trueTexts.includes(text)) return true;
  if (falseTexts.includes(text)) return false;
  throw new ConfigError(prefix + name, 'expected true or false');
}

function hookFrom(env: Environment): AuthHook | undefined {
  const url = optional(env, 'AUTH_HOOK');
  const mode = optional(env, 'AUTH_HOOK_MODE')?.toUpperCase();
  const sendRequestBody = bool(env, 'AUTH_HOOK_SEND_REQUEST_BODY');
  if (mode !== undefined && mode !== 'GET' && mode !== 'POST')
    throw new ConfigError(`${prefix}AUTH_HOOK_MODE`, 'expected GET or POST');
  if (url === undefined) return undefined;
  return { url, ...(mode && { mode }), ...(sendRequestBody !== undefined && { sendRequestBody }) };
}

/**
 * Reads the options from `HASURA_GRAPHQL_*` variables, those of the engine. Nothing else in this package reads the
 * environment. Default: the variables of this process. Throws a ConfigError that names the variable.
 */
export function optionsFromEnv(env: Environment = process.env): AuthOptions {
  const accessKey = secret(env, 'ACCESS_KEY');
  const adminSecret = secret(env, 'ADMIN_SECRET');
  const read = {
    adminSecret: [
      adminSecret === undefined ? 'ACCESS_KEY' : 'ADMIN_SECRET',
      adminSecret ?? accessKey,
    ],
    adminSecrets: ['ADMIN_SECRETS', jsonList(env, 'ADMIN_SECRETS')],
    jwtSecret: ['JWT_SECRET', secret(env, 'JWT_SECRET')],
    jwtSecrets: ['JWT_SECRETS', jsonList(env, 'JWT_SECRETS')],
    authHook: ['AUTH_HOOK', hookFrom(env)],
    unauthorizedRole: ['UNAUTHORIZED_ROLE', optional(env, 'UNAUTHORIZED_ROLE')],
  } as const;
  const present = Object.entries(read).filter(([, [, value]]) => value !== undefined);
  const origin = new Map(
    present.map(([option, [name, value]]) => [option, { variable: prefix + name, value }]),
  );
  const options = Object.fromEntries(present.map(([option, [, value]]) => [option, value]));
  return Object.assign(options as AuthOptions, { [sources]: origin }); // the lists' items are checked with all other options
}
