import { dirname, join, relative, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { AuthOptions } from '@hasura-auth/core';
import {
  InputError,
  optionsFromVariables,
  readComposeService,
  readConfiguration,
  type Variables,
} from '@hasura-auth/inspector/reading';
import { Option, type Command } from 'commander';
import type { CommandContext } from './context.js';
import { readStandardInput, readTextFile } from './read-text.js';

/** The flags that say where a configuration is. Without any, it is in the environment. */
export interface ConfigurationFlags {
  readonly env?: string;
  /** The same: Node 20 reads the file of `--env-file` itself, so that the documented flag is `--env`. */
  readonly envFile?: string;
  readonly compose?: string;
  readonly service?: string;
  readonly config?: string;
}

/** A configuration, and where it was read from, for messages. */
export interface FoundConfiguration {
  readonly options: AuthOptions;
  /** Such as `the file .env`. */
  readonly source: string;
  /** The variables by name, if it was read from variables. */
  readonly variables?: Variables;
}

/** Adds the flags that say where the configuration is. */
export function addConfigurationFlags(command: Command): Command {
  return command
    .option('--env <file>', 'a .env file with HASURA_GRAPHQL_ variables')
    .addOption(new Option('--env-file <file>').hideHelp())
    .option('--compose <file>', 'a Docker Compose file')
    .option('--service <name>', 'the service of the Compose file (default: graphql-engine)')
    .option(
      '--config <file>',
      'a JWT secret or options in JSON, or any other form; - is standard input',
    );
}

/** How many env_file entries of a service are read. */
const mostEnvFiles = 20;

/** The variables that a Compose file can refer to: those of the environment, and of the file .env beside it. */
async function interpolationVariables(
  file: string,
  context: CommandContext,
): Promise<Readonly<Record<string, string | undefined>>> {
  const beside = join(dirname(file), '.env');
  try {
    return { ...parseEnv(await readTextFile(beside, context)), ...context.env };
  } catch {
    return context.env; // the file is optional
  }
}

async function composeVariables(
  file: string,
  service: string | undefined,
  context: CommandContext,
): Promise<Variables> {
  const text = await readTextFile(file, context);
  const known = await interpolationVariables(file, context);
  const lookup = (name: string): string | undefined =>
    Object.hasOwn(known, name) ? known[name] : undefined;
  const { envFiles, variables } = readComposeService(text, { service, lookup });
  const folder = dirname(resolve(context.cwd, file));
  let fromFiles: Variables = {};
  for (const { path, required } of envFiles.slice(0, mostEnvFiles))
    try {
      const shown = relative(context.cwd, resolve(folder, path)) || path;
      fromFiles = { ...fromFiles, ...parseEnv(await readTextFile(shown, context)) };
    } catch (error) {
      if (required) throw error;
    }
  return { ...fromFiles, ...variables };
}

const fromVariables = (variables: Variables, source: string): FoundConfiguration => ({
  options: optionsFromVariables(variables),
  source,
  variables,
});

/** The file that the flags name, if they name one. */
export function configurationFile({
  env,
  envFile = env,
  compose,
  config,
}: ConfigurationFlags): string | undefined {
  return envFile ?? compose ?? config;
}

/** Reads the configuration that the flags name, or else that of the environment. Throws an InputError. */
export async function findConfiguration(
  { env, envFile = env, compose, service, config }: ConfigurationFlags,
  context: CommandContext,
): Promise<FoundConfiguration> {
  if ([envFile, compose, config].filter((file) => file !== undefined).length > 1)
    throw new InputError('expected one of --env, --compose and --config');
  if (service !== undefined && compose === undefined)
    throw new InputError('--service names a service of the file that --compose names');
  if (envFile !== undefined) {
    const variables = parseEnv(await readTextFile(envFile, context));
    return fromVariables(variables, `the file ${envFile}`);
  }
  if (compose !== undefined) {
    const variables = await composeVariables(compose, service, context);
    return fromVariables(variables, `the file ${compose}`);
  }
  if (config !== undefined)
    return {
      options: readConfiguration(
        config === '-'
          ? await readStandardInput('a configuration', context)
          : await readTextFile(config, context),
      ),
      source: config === '-' ? 'standard input' : `the file ${config}`,
    };
  if (!Object.keys(context.env).some((name) => name.startsWith('HASURA_GRAPHQL_')))
    throw new InputError(
      'the environment has no HASURA_GRAPHQL_ variable; set them, or name a file with --env, --compose or --config',
    );
  return fromVariables(context.env, 'the environment');
}
