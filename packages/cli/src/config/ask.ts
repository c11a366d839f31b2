import { select, text } from '@clack/prompts';
import { InputError, type Question } from '@hasura-auth/inspector/reading';
import type { CommandContext } from '../context.js';

/** Asks a person, on a terminal. Questions go to standard error, so that standard output has the result alone. */
export interface Interviewer {
  /** A line of text. `validate` returns what is wrong with it, and the person answers again. */
  text(message: string, more?: AskOptions): Promise<string>;
  /** One of several values. */
  choice(message: string, choices: readonly Choice[]): Promise<string>;
}

/** What may be said with a question. */
export interface AskOptions {
  readonly help?: string | undefined;
  /** Whether an empty answer is accepted. Default false. */
  readonly optional?: boolean | undefined;
  readonly validate?: ((answer: string) => string | undefined) | undefined;
}

/** One of several answers. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

function answered(answer: string | symbol | undefined): string {
  // clack answers with a symbol when the person presses Ctrl-C
  if (typeof answer === 'symbol') throw new InputError('cancelled; nothing was written');
  return answer ?? '';
}

/** The interviewer of a context; undefined if there is no person at a terminal to be asked. */
export function interviewer(context: CommandContext): Interviewer | undefined {
  if (context.stdin.isTTY !== true || context.stderr.isTTY !== true) return undefined;
  const streams = { input: context.stdin, output: context.stderr };
  return {
    async text(message, { help, optional = false, validate } = {}) {
      const check = (given: string | undefined): string | undefined => {
        const answer = (given ?? '').trim();
        if (answer === '') return optional ? undefined : 'an answer is needed';
        return validate?.(answer);
      };
      const placeholder = help === undefined ? {} : { placeholder: help };
      return answered(await text({ message, validate: check, ...placeholder, ...streams })).trim();
    },
    choice: async (message, choices) =>
      answered(await select({ message, options: [...choices], ...streams })),
  };
}

/** Asks one question of a provider. */
export async function askQuestion(by: Interviewer, question: Question): Promise<string> {
  const { label, help, choices, required } = question;
  if (choices !== undefined)
    return await by.choice(
      label,
      choices.map((value) => ({ value, label: value })),
    );
  return await by.text(label, { help, optional: !required });
}
