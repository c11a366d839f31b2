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
import { readStandardInput, readTextFile } from '../read-text.js';
import { askQuestion, interviewer, type Interviewer } from './ask.js';
import { askClaims, writePreview } from './custom.js';
import { askKeys } from './keys.js';
import { readSampleToken, type SampleClaims } from './preview.js';

/** What commander has read of the flags, by their names in camel case. */
type Flags = Readonly<Record<string, string | readonly string[] | undefined>>;

const inCamelCase = (name: string): string =>
  name.replaceAll(/-([a-z])/g, (_whole, letter: string) => letter.toUpperCase());

const added = (value: string, before: readonly string[] = []): string[] => [...before, value];

function flagOf({ name, label, help, many, choices, file }: Question): Option {
  const more = many === true ? '; may be repeated' : '';
  const value = file === true ? '<file>' : '<text>';
  const option = new Option(`--${name} ${value}`, `${label}: ${help}${more}`);
  if (choices !== undefined) return option.choices(choices);
  return many === true ? option.argParser(added) : option;
}

function addForm(command: Command): Command {
  const form = new Option('--as <form>', 'how the configuration is printed');
  return command.addOption(form.choices(forms.map(({ name }) => name)).default('json'));
}

/** The answers of the flags; that of a file is its text. */
async function answersOf(
  { questions }: Provider,
  flags: Flags,
  context: CommandContext,
): Promise<Answers> {
  const answers: Record<string, Answers[string]> = {};
  for (const { name, file } of questions) {
    const given = flags[inCamelCase(name)];
    if (given !== undefined)
      answers[name] =
        file === true && typeof given === 'string' ? await readTextFile(given, context) : given;
  }
  return answers;
}

/** The required answers that no flag has: asked for, or an InputError names the flag. */
async function missingAnswers(
  { questions }: Provider,
  answers: Answers,
  asking: Interviewer | undefined,
): Promise<Answers> {
  const found: Record<string, string> = {};
  for (const question of questions) {
    const { name, label, help, required } = question;
    if (!required || answers[name] !== undefined) continue;
    if (asking === undefined)
      throw new InputError(`--${name} is missing: ${label}, ${help}`, { question: name });
    found[name] = await askQuestion(asking, question);
  }
  return found;
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

function print(secret: JwtSecret, name: unknown, { stdout }: CommandContext): void {
  const form = forms.find((one) => one.name === name);
  if (form !== undefined) stdout.write(form.print(secret));
}

async function configure(provider: Provider, flags: Flags, context: CommandContext): Promise<void> {
  const given = await answersOf(provider, flags, context);
  const missing = await missingAnswers(provider, given, interviewer(context));
  print(secretFrom(provider, { ...given, ...missing }), flags['as'], context);
}

/** The claims of the sample token that a flag names or a person pastes; undefined if there is none. */
async function sampleClaims(
  file: unknown,
  asking: Interviewer | undefined,
  context: CommandContext,
): Promise<SampleClaims | undefined> {
  if (file === '-') return readSampleToken(await readStandardInput('a sample token', context));
  if (typeof file === 'string') return readSampleToken(await readTextFile(file, context));
  const help = 'to choose claims from it; empty for none';
  const pasted = await asking?.text('Sample token of the provider', { help, optional: true });
  return pasted === undefined || pasted === '' ? undefined : readSampleToken(pasted);
}

/** Walks through the configuration of a provider without a preset. Without a terminal, the flags say everything. */
async function configureCustom(
  provider: Provider,
  flags: Flags,
  context: CommandContext,
): Promise<void> {
  const asking = interviewer(context);
  let answers = await answersOf(provider, flags, context);
  const hasKey = ['jwk-url', 'pem', 'secret'].some((name) => answers[name] !== undefined);
  if (!hasKey && asking !== undefined)
    answers = { ...(await askKeys(asking, context)), ...answers };
  const sample = await sampleClaims(flags['sample'], asking, context);
  const hasClaims =
    answers['claims-map'] !== undefined || answers['claims-namespace'] !== undefined;
  if (sample !== undefined && asking !== undefined && !hasClaims)
    answers = { ...answers, ...(await askClaims(asking, { provider, answers, sample }, context)) };
  const secret = secretFrom(provider, answers);
  if (sample !== undefined) await writePreview(secret, sample, context);
  print(secret, flags['as'], context);
}

/** Which provider, if the command names none. */
async function chooseProvider(
  name: string | undefined,
  context: CommandContext,
): Promise<Provider> {
  const asking = name === undefined ? interviewer(context) : undefined;
  const choices = providers.map((provider) => ({ value: provider.name, label: provider.title }));
  const answer = name ?? (await asking?.choice('Which identity provider?', choices));
  const found = providers.find((provider) => provider.name === answer);
  if (found !== undefined) return found;
  throw new InputError(
    `expected one of the providers ${providers.map((provider) => provider.name).join(', ')}`,
  );
}

const run = (provider: Provider, flags: Flags, context: CommandContext): Promise<void> =>
  provider.name === 'custom'
    ? configureCustom(provider, flags, context)
    : configure(provider, flags, context);

/** Adds `config`, with a command for each provider. */
export function addConfig(program: Command, context: CommandContext): void {
  const config = addForm(program.command('config'))
    .description('make the JWT configuration of an identity provider')
    .argument('[provider]', 'its name; on a terminal it is asked for')
    .addHelpText(
      'after',
      `
What is missing is asked for on a terminal. Questions and the preview of a session go to standard error.

Examples:
  hasura-auth config firebase --project my-app-1234
  hasura-auth config auth0 --domain my-tenant.eu.auth0.com --audience https://api.example.com --as env
  hasura-auth config custom --jwk-url https://issuer.example/jwks.json --audience my-api --sample token.txt`,
    )
    .action(async (name: string | undefined, flags: Flags) => {
      await run(await chooseProvider(name, context), flags, context);
    });
  for (const provider of providers) {
    const command = addForm(config.command(provider.name)).description(
      `the JWT configuration of ${provider.title}`,
    );
    for (const question of provider.questions) command.addOption(flagOf(question));
    if (provider.name === 'custom')
      command.option(
        '--sample <file>',
        'a sample token, whose session is shown; - is standard input',
      );
    const first = provider.questions.filter(({ required }) => required);
    const flags = first.map(({ name }) => `--${name} …`).join(' ');
    command
      .addHelpText(
        'after',
        `\nExample:\n  hasura-auth config ${provider.name} ${flags || '--jwk-url …'}`,
      )
      .action((given: Flags) => run(provider, given, context));
  }
}
