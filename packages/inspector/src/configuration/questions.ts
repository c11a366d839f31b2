import type { JwtSecret } from '@hasura-auth/core';
import { InputError } from '../input/input-error.js';

/** One thing that must be known of a provider's tenant. */
export interface Question {
  /** The name of the answer, which is also the flag on the command line: `user-pool` is `--user-pool`. */
  readonly name: string;
  /** What is asked for, in a few words. */
  readonly label: string;
  /** An example, or where the answer is found. */
  readonly help: string;
  /** Whether there is no configuration without it. */
  readonly required: boolean;
  /** Whether there may be several answers. Default: one. */
  readonly many?: boolean;
  /** Whether the answer is the text of a file, which has several lines or is secret. Default: it is a line. */
  readonly file?: boolean;
  /** The only answers that there are. Default: any text. */
  readonly choices?: readonly string[];
}

/** Answers by the names of their questions; an absent one is undefined. */
export type Answers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The text of an answer; undefined if it is absent, empty, or a list. */
export function textOf(answer: Answers[string]): string | undefined {
  return typeof answer === 'string' && answer !== '' ? answer : undefined;
}

/** The question of every provider for a key of its own instead of the address of a key set. */
export const pemQuestion: Question = {
  name: 'pem',
  label: 'Certificate or public key in PEM',
  help: 'instead of the key set of the provider',
  required: false,
  file: true,
};

/** What an answer about a `claims_map` looks like. */
export const claimsMapHelp = 'a claims_map in JSON, such as {"x-hasura-user-id":{"path":"$.sub"}}';

/** The questions of every provider: where its tokens have the session variables. */
export const claimsQuestions: readonly Question[] = [
  {
    name: 'claims-namespace',
    label: 'Claim with the session variables',
    help: 'https://hasura.io/jwt/claims if absent',
    required: false,
  },
  {
    name: 'claims-map',
    label: 'Session variables from other claims',
    help: claimsMapHelp,
    required: false,
  },
];

function claimsMapFrom(answer: Answers[string]): JwtSecret['claims_map'] {
  if (answer === undefined || answer === '') return undefined;
  try {
    const value: unknown = JSON.parse(String(answer));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as JwtSecret['claims_map']; // its members are checked by core
  } catch {
    // a parser's message quotes its input
  }
  throw new InputError('claims-map: expected a JSON object of session variables', {
    question: 'claims-map',
  });
}

/** The claims options of a preset; undefined if no question about them was answered. */
export function claimsFrom(
  answers: Answers,
): Pick<JwtSecret, 'claims_namespace' | 'claims_map'> | undefined {
  const namespace = textOf(answers['claims-namespace']);
  const claims_map = claimsMapFrom(answers['claims-map']);
  if (claims_map !== undefined) return { claims_map };
  return namespace === undefined ? undefined : { claims_namespace: namespace };
}
