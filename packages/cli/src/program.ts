import { Command, CommanderError } from 'commander';
import { ConfigError } from '@hasura-auth/core';
import { InputError } from '@hasura-auth/inspector/reading';
import { addCheck } from './check/command.js';
import { addConfig } from './config/command.js';
import { addExplain } from './explain/command.js';
import { addWebhook } from './hook/command.js';
import type { CommandContext } from './context.js';
import { outputOn, printable } from './output.js';
import { addServe } from './serve/command.js';
import { addToken } from './token/command.js';
// eslint-disable-next-line house/stay-inside -- the manifest is this package's own; the build contains it
import manifest from '../package.json' with { type: 'json' };

/** The commands, each of which adds itself to the program. */
const commands: readonly ((program: Command, context: CommandContext) => void)[] = [
  addExplain,
  addCheck,
  addConfig,
  addToken,
  addServe,
  addWebhook,
];

/** The program `hasura-auth`, which runs in a context. Its actions set the exit code of the context. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('hasura-auth')
    .description('See why a request is refused, and make and check configurations of Hasura auth.')
    .version(manifest.version, '-V, --version', 'show the version')
    .showHelpAfterError(false)
    .enablePositionalOptions() // what comes after a command's name belongs to that command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Errors are written by `run`, in one sentence.
      writeErr: () => undefined,
      getOutHelpWidth: () => context.stdout.columns ?? 80,
      getOutHasColors: () => false,
    });
  program.addHelpText(
    'after',
    `
Examples:
  hasura-auth explain --env .env < token.txt
  hasura-auth check --compose docker-compose.yaml
  hasura-auth config auth0 --domain my-tenant.eu.auth0.com --audience https://api.example.com`,
  );
  for (const add of commands) add(program, context);
  return program;
}

/** The arguments of an error message, which may hold a secret that was given as an argument by mistake. */
function withoutValues(message: string): string {
  const line = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return line.replaceAll(/'([^']*)'/g, (whole, quoted: string) => {
    const name = quoted.replace(/=[^]*$/, '=…');
    return name.length > 40 ? "'…'" : whole.replace(quoted, name);
  });
}

/** What went wrong, in one sentence. An error of the program itself is named, and its message is not shown. */
function sentenceOf(error: unknown): string {
  if (error instanceof InputError || error instanceof ConfigError) return error.message;
  if (error instanceof CommanderError)
    return error.code === 'commander.help'
      ? 'expected a command; hasura-auth --help lists them'
      : withoutValues(error.message);
  const name = error instanceof Error ? error.name : typeof error;
  return `this is a mistake of hasura-auth itself (${name}); please report the command, without its secrets`;
}

/** Whether commander has shown what was asked for, such as the help, and nothing is wrong. */
const isShown = (error: unknown): boolean =>
  error instanceof CommanderError && error.exitCode === 0;

/**
 * Runs the command of the arguments, and sets the exit code of the context: 0 if all is well, 1 if a problem was found or a
 * request is refused, 2 if the input is bad. Never rejects.
 */
export async function run(args: readonly string[], context: CommandContext): Promise<void> {
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (isShown(error)) return;
    const output = outputOn(context.stderr, context);
    output.line(`${output.style('red', 'error:')} ${printable(sentenceOf(error))}`);
    context.exitCode = 2;
  }
}
