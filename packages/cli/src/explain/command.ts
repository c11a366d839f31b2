import { createAuthenticator } from '@hasura-auth/core';
import { readRequest, tokenHeaderOf } from '@hasura-auth/inspector/reading';
import type { Command } from 'commander';
import {
  addConfigurationFlags,
  findConfiguration,
  type ConfigurationFlags,
} from '../configuration.js';
import type { CommandContext } from '../context.js';
import { outputOn, printable } from '../output.js';
import { redactedJson, redactor } from '../redact.js';
import { readStandardInput } from '../read-text.js';
import { keptWarnings } from '../warnings.js';
import { writeExplanation } from './report.js';

interface Flags extends ConfigurationFlags {
  readonly json?: boolean;
}

const what = 'a token, header lines or a curl command';

async function explain(
  argument: string | undefined,
  flags: Flags,
  context: CommandContext,
): Promise<void> {
  const { options, source } = await findConfiguration(flags, context);
  const text =
    argument === undefined || argument === '-' ? await readStandardInput(what, context) : argument;
  const request = readRequest(text, tokenHeaderOf(options));
  const { logger, messages } = keptWarnings();
  const { fetch, now } = context;
  const authenticator = createAuthenticator({ ...options, fetch, logger, runtime: { now } });
  try {
    // A server has fetched its key sets before most requests; here the first request waits for them.
    await authenticator.ready().catch(() => undefined);
    // A webhook may send back what it was sent, also as a session variable.
    const redact = redactor(options, request);
    const explanation = redactedJson(await authenticator.explain(request), redact);
    const warnings = outputOn(context.stderr, context);
    for (const message of messages)
      warnings.line(`${warnings.style('yellow', 'warning:')} ${printable(message)}`);
    const output = outputOn(context.stdout, context);
    if (flags.json === true) output.json({ ...explanation, configuration: source });
    else writeExplanation(explanation, source, output);
    context.exitCode = explanation.outcome === 'accepted' ? 0 : 1;
  } finally {
    await authenticator.close();
  }
}

/** Adds `explain`. */
export function addExplain(program: Command, context: CommandContext): void {
  addConfigurationFlags(program.command('explain'))
    .description('say why a request is accepted or refused, and what to change')
    .argument('[input]', `${what}; without it, or with -, standard input is read`)
    .option('--json', 'print the explanation as JSON')
    .addHelpText(
      'after',
      `
The configuration is read from the HASURA_GRAPHQL_ variables of the environment, unless a flag names a file.
Key sets are fetched and a webhook is called, as a server does. Exit code: 0 accepted, 1 refused, 2 bad input.

Examples:
  hasura-auth explain --env .env < token.txt
  hasura-auth explain --compose docker-compose.yaml < request.curl
  pbpaste | hasura-auth explain --config jwt-secret.json --json`,
    )
    .action((argument: string | undefined, flags: Flags) => explain(argument, flags, context));
}
