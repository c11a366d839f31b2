import type { JwtSecret } from '@hasura-auth/core';
import type { Answers, Question } from './questions.js';

/** An identity provider whose JWT configuration is made from a few answers. */
export interface Provider {
  /** The name on the command line, such as `auth0`. */
  readonly name: string;
  /** The name as the provider writes it. */
  readonly title: string;
  /** What is asked, the required questions first. */
  readonly questions: readonly Question[];
  /**
   * The JWT configuration, exactly as the preset of that provider makes it. Throws an InputError, with the name of the
   * question, if an answer is absent or has another form.
   *
   * @example
   * providers.find(({ name }) => name === 'firebase')?.secret({ project: 'my-app-1234' });
   */
  secret(answers: Answers): JwtSecret;
}
