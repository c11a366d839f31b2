import { ConfigError, createAuthenticator, type JwtSecret } from '@hasura-auth/core';
import { InputError } from '../input/input-error.js';

const silent = { warn: () => undefined, error: () => undefined };

/** The mistake that core finds in a JWT configuration; undefined if there is none. */
export function mistakeOf(jwtSecret: JwtSecret): ConfigError | undefined {
  try {
    createAuthenticator({ adminSecret: false, jwtSecret, logger: silent });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/** The question about a member of a JWT configuration, if one of these is asked. */
function questionOf(option: string, asked: readonly string[]): string | undefined {
  const names = option.startsWith('jwtSecret.key')
    ? ['secret', 'pem']
    : [/^jwtSecret\.(\w+)/.exec(option)?.[1]?.replaceAll('_', '-') ?? ''];
  return names.find((name) => asked.includes(name));
}

/** The same configuration, if core takes it; or an InputError with the name of the question whose answer is wrong. */
export function checkedSecret(secret: JwtSecret, asked: readonly string[]): JwtSecret {
  const mistake = mistakeOf(secret);
  if (mistake === undefined) return secret;
  const question = questionOf(mistake.option, asked);
  if (question === undefined) throw new InputError(mistake.message, { cause: mistake });
  throw new InputError(mistake.named(question).message, { question, cause: mistake });
}
