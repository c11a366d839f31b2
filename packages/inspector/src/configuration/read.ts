import { parseEnv } from 'node:util';
import { ConfigError, optionsFromEnv, type AuthOptions } from '@hasura-auth/core';
import { boundedText, InputError } from '../input/input-error.js';
import { shellCommands } from '../input/shell-words.js';
import { yamlVariables, type ComposeOptions, type Variables } from './yaml.js';

const what = 'configuration';

/** The options that make a JSON object the options of an authenticator; any other one is a JWT secret. */
const optionNames: ReadonlySet<string> = new Set<keyof AuthOptions>([
  'adminSecret',
  'adminSecrets',
  'jwtSecret',
  'jwtSecrets',
  'authHook',
  'unauthorizedRole',
  'unsecured',
  'compatibility',
]);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const engineVariable = /^HASURA_GRAPHQL_/i;

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // The parser's message quotes the text; its position does not.
    const at = /position (\d+)/.exec(String(error))?.[1];
    const line = at === undefined ? undefined : text.slice(0, Number(at)).split('\n').length;
    const place = line === undefined ? '' : ` in line ${String(line)}`;
    throw new InputError(
      `the JSON has a mistake${place}; write a line break inside a string as \\n, and quotes inside it as \\"`,
    );
  }
}

/**
 * The options in variables by name, as in an environment. Throws an InputError if none of them is the engine's, or if one
 * of them has a wrong value; the latter has the ConfigError as its `cause`.
 */
export function optionsFromVariables(variables: Variables): AuthOptions {
  if (!Object.keys(variables).some((name) => engineVariable.test(name)))
    throw new InputError(
      'the configuration has no variable whose name begins with HASURA_GRAPHQL_',
    );
  try {
    return optionsFromEnv(variables);
  } catch (error) {
    throw error instanceof ConfigError ? new InputError(error.message, { cause: error }) : error;
  }
}

/** A JWT secret alone says nothing of an admin secret, so that there is none. */
function fromJson(value: unknown): AuthOptions {
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) return fromJson(parsedJson(value));
  if (Array.isArray(value))
    return { adminSecret: false, jwtSecrets: value as AuthOptions['jwtSecrets'] }; // checked by core
  if (!isRecord(value)) throw new InputError('expected a JSON object, such as a JWT secret');
  const names = Object.keys(value);
  if (names.some((name) => engineVariable.test(name))) return optionsFromVariables(value);
  if (names.some((name) => optionNames.has(name))) return { ...value }; // checked by core
  return { adminSecret: false, jwtSecret: value }; // checked by core
}

const shellLines = /^(?:export|docker|env|set)\s|^\$ /;
const assignment = /^([A-Za-z_][\w.]*)=([^]*)$/;

function shellVariables(text: string): Variables {
  const words = shellCommands(text.replaceAll(/^\$ /gm, '')).flat();
  return Object.fromEntries(
    words.flatMap((word): [string, string][] => {
      const [, name, value] = assignment.exec(word) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Whether the first line that is no comment is `NAME=value`. */
function isEnvFile(text: string): boolean {
  const first = text.split('\n').find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return /^\s*[A-Za-z_][\w.]*\s*=/.test(first ?? '');
}

/**
 * The options that a pasted configuration stands for: a JWT secret in JSON, options in JSON, lines of `HASURA_GRAPHQL_…`
 * variables (a `.env` file, shell exports, a `docker run` command), a compose file, or a Kubernetes Secret, ConfigMap or
 * Deployment. Throws an InputError whose sentence never quotes the text. The options are not checked yet: that is done by
 * `createAuthenticator`, which throws a ConfigError. At most 1 MiB.
 *
 * @example
 * const options = readConfiguration('{"type":"HS256","key":"a-secret-of-at-least-thirty-two-bytes"}');
 * const authenticator = createAuthenticator(options);
 */
export function readConfiguration(text: string, options: ComposeOptions = {}): AuthOptions {
  const input = boundedText(text, what);
  if (/^[[{"]/.test(input)) return fromJson(parsedJson(input));
  if (shellLines.test(input)) return optionsFromVariables(shellVariables(input));
  if (isEnvFile(input)) return optionsFromVariables(parseEnv(input));
  return optionsFromVariables(yamlVariables(input, options));
}
