import type { AuthOptions } from '@hasura-auth/core';
import { jwtSecretsOf } from '@hasura-auth/inspector/reading';
import { problem, warning, type Finding } from './finding.js';

/**
 * Secrets that documentation, examples and development tools publish, so that attackers try them first: those of Hasura's
 * and this project's documentation, of jwt.io, and of the development environments of Nhost and Supabase.
 */
const published: ReadonlySet<string> = new Set([
  'myadminsecretkey',
  '<myadminsecretkey>',
  'adminsecretkey',
  'myadminsecret',
  'mypowerfulsecretthatyoucantotallyhack',
  'nhost-admin-secret',
  'a-long-random-admin-secret',
  'another-long-random-admin-secret',
  '3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R',
  '0f987876650b4a085e64594fae9219e7781b17506bec02489ad061fba8cb22db',
  'super-secret-jwt-token-with-at-least-32-characters-long',
  'your-super-secret-jwt-token-with-at-least-32-characters-long',
  'your-256-bit-secret',
  'a-string-secret-at-least-256-bits-long',
  'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
  'a-secret-of-at-least-thirty-two-bytes',
]);

/** Words that people write into a secret that they mean to replace. */
const exampleWords =
  /change|replace|example|secret|password|your|admin|hasura|random|characters|bytes|long|jwt|token|test/gi;
const mostExampleWords = 2;
/** A random text of 16 characters or more has more distinct ones with near certainty, in hexadecimal too. */
const leastDistinct = 8;

/** Whether a text is a shorter one, several times. A text is found within itself earlier only then. */
const isRepeated = (text: string): boolean => (text + text).indexOf(text, 1) < text.length;

/** Why a secret can be guessed; undefined if nothing says so. */
function weakness(secret: string): string | undefined {
  if (new Set(secret).size < leastDistinct)
    return `it has fewer than ${String(leastDistinct)} distinct characters`;
  if (isRepeated(secret)) return 'it repeats a shorter text';
  if ((secret.match(exampleWords)?.length ?? 0) >= mostExampleWords)
    return 'it is made of words that examples are made of';
  return undefined;
}

function secretFinding(name: string, secret: unknown): Finding[] {
  if (typeof secret !== 'string') return [];
  if (published.has(secret))
    return [
      problem(`${name}: it is published in documentation or examples, so that anyone can use it`),
    ];
  const reason = weakness(secret);
  return reason === undefined
    ? []
    : [warning(`${name}: it may be guessed, since ${reason}; use a long random secret`)];
}

/** Finds secrets that are published or can be guessed. `nameOf` names an option by its path. */
export function checkSecrets(options: AuthOptions, nameOf: (path: string) => string): Finding[] {
  const { adminSecret, adminSecrets } = options;
  const admin: readonly (readonly [string, unknown])[] = Array.isArray(adminSecrets)
    ? adminSecrets.map((secret: unknown, index) => [`adminSecrets[${String(index)}]`, secret])
    : [['adminSecret', adminSecret]];
  const shared = jwtSecretsOf(options)
    .filter(({ members }) => typeof members.type === 'string' && members.type.startsWith('HS'))
    .map(({ option, members }) => [`${option}.key`, members.key] as const);
  return [...admin, ...shared].flatMap(([path, secret]) => secretFinding(nameOf(path), secret));
}
