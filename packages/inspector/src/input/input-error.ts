/** What is known of a wrong input beside the sentence. */
export interface InputErrorDetail {
  /** The name of the question whose answer it is. */
  readonly question?: string;
  /** The error that it comes from, if that is safe to show. */
  readonly cause?: Error;
}

/**
 * An input that cannot be read. The message is one sentence for the person who pasted it: what was expected, and what to
 * change. It never quotes the input, which may hold a token or a secret.
 *
 * @example
 * try {
 *   readRequest(pasted);
 * } catch (error) {
 *   if (error instanceof InputError) console.error(error.message);
 * }
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** The name of the question whose answer is wrong, if the input was an answer to one. */
  readonly question: string | undefined;

  constructor(message: string, { question, cause }: InputErrorDetail = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.question = question;
  }
}

/** How much text is read, in characters: requests and configurations are far smaller. */
export const mostCharacters = 1_048_576;

/** Trimmed text without a byte order mark, or an InputError if there is none or too much of it. */
export function boundedText(text: unknown, what: string): string {
  if (typeof text !== 'string') throw new InputError(`expected ${what} as text`);
  if (text.length > mostCharacters)
    throw new InputError(`the text is longer than 1 MiB, which no ${what} is`);
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') throw new InputError(`expected ${what}, and the text is empty`);
  return trimmed;
}
