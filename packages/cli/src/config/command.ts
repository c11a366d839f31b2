import type { JwtSecret } from '@hasura-auth/core';
import {
  forms,
  InputError,
  providers,
  type Answers,
  type Provider,
  type Question,
} from '@hasura-auth/inspector/reading';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../context.js';
import { askQuestion, interviewer } from './ask.js';

/** What commander has read of the flags, by their names in camel case. */
type Flags = Readonly<Record<string, string | readonly string[] | undefined>>;

const inCamelCase = (name: string): string =>
  name.replaceAll(/-([a-z])/g, (_whole, letter: string) => letter.toUpperCase());

const added = (value: string, before: readonly string[] = []): string[] => [...before, value];

function flagOf({ name, label, help, many, choices }: Question): Option {
  const more = many === true ? '; may be repeated' : '';
  const option = new Option(`--${name} <text>`, `${label}: ${help}${more}`);
  if (choices !== undefined) return option.choices(choices);
  return many === true ? option.argParser(added) : option;
}

const formOption = (): Option =>
  new Option('--as <form>', 'how the configuration is printed')
    .choices(forms.map(({ name }) => name))
    .default('json');

/** The answers of the flags; a required one that is missing is asked for, or an InputError names its flag. */
async function completed(
  provider: Provider,
  flags: Flags,
  context: CommandContext,
): Promise<Answers> {
  const answers: Record<string, string | readonly string[] | undefined> = {};
  const asking = interviewer(context);
  for (const question of provider.questions) {
    const given = flags[inCamelCase(question.name)];
    if (given !== undefined) answers[question.name] = given;
    else if (question.required && asking !== undefined)
      answers[question.name] = await askQuestion(asking, question);
    else if (question.required)
      throw new InputError(`--${question.name} is missing: ${question.label}, ${question.help}`, {
        question: question.name,
      });
  }
  return answers;
}

function print(secret: JwtSecret, name: unknown, { stdout }: CommandContext): void {
  const form = forms.find((one) => one.name === name);
  if (form !== undefined) stdout.write(form.print(secret));
}

/** The configuration that the answers make; a wrong answer is named by its flag. */
function secretFrom(provider: Provider, answers: Answers): JwtSecret {
  try {
    return provider.secret(answers);
  } catch (error) {
    if (error instanceof InputError && error.question !== undefined)
      throw new InputError(`--${error.message}`, { question: error.question });
    throw error;
  }
}

/** Adds `config`, with a command for each provider. */
export function addConfig(program: Command, context: CommandContext): void {
  const config = program
    .command('config')
    .description('make the JWT configuration of an identity provider')
    .addHelpText(
      'after',
      `
Examples:
  hasura-auth config firebase --project my-app-1234
  hasura-auth config auth0 --domain my-tenant.eu.auth0.com --audience https://api.example.com --as env`,
    );
  for (const provider of providers) {
    const command = config
      .command(provider.name)
      .description(`the JWT configuration of ${provider.title}`)
      .addOption(formOption());
    for (const question of provider.questions) command.addOption(flagOf(question));
    command.action(async (flags: Flags) => {
      const secret = secretFrom(provider, await completed(provider, flags, context));
      print(secret, flags['as'], context);
    });
  }
}
