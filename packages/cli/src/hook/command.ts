import type { AuthHook, AuthOptions, AuthRequest } from '@hasura-auth/core';
import { readRequest } from '@hasura-auth/inspector/reading';
import { Option, type Command } from 'commander';
import {
  addConfigurationFlags,
  configurationFile,
  findConfiguration,
  type ConfigurationFlags,
} from '../configuration.js';
import type { CommandContext } from '../context.js';
import { writeOutcome, writeResponse, writeSession } from '../explain/report.js';
import { outputOn, printable, type Output } from '../output.js';
import { readStandardInput } from '../read-text.js';
import { callHook, type HookCall } from './call.js';

interface Flags extends ConfigurationFlags {
  readonly json?: boolean;
  readonly url?: string;
  readonly mode?: 'GET' | 'POST';
  readonly requestBody: boolean;
}

/** The hook of the flags, or of the configuration with what the flags change of it. */
function withFlags(options: AuthOptions, { url, mode, requestBody }: Flags): AuthOptions {
  const { authHook } = options;
  const before = typeof authHook === 'string' ? { url: authHook } : authHook;
  const address = url ?? before?.url;
  if (address === undefined) return options;
  const hook: AuthHook = {
    ...before,
    url: address,
    ...(mode !== undefined && { mode }),
    ...(!requestBody && { sendRequestBody: false }),
  };
  return { ...options, authHook: hook };
}

function writeBody(text: string, output: Output): void {
  let lines = text.split('\n');
  try {
    lines = JSON.stringify(JSON.parse(text), undefined, 2).split('\n');
  } catch {
    // not JSON, or only the beginning of it: shown as it is
  }
  for (const line of lines) if (line !== '') output.line(`  ${printable(line)}`);
}

function writeCall({ call }: HookCall, output: Output): void {
  if (call === undefined) {
    output.line('The webhook was not called: the admin secret of the request decides.');
    return;
  }
  const { method, url, headers, body, response } = call;
  output.line(output.style('bold', 'Request to the webhook'));
  output.line(`  ${method} ${printable(url)}`);
  for (const [name, value] of Object.entries(headers))
    output.line(`  ${printable(`${name}: ${value}`)}`);
  if (body !== undefined) writeBody(body, output);
  output.line();
  output.line(output.style('bold', 'Response of the webhook'));
  if (response === undefined) output.line('  none');
  else {
    output.line(`  status ${String(response.status)}`);
    for (const [name, value] of response.headers)
      output.line(`  ${printable(`${name}: ${value}`)}`);
    writeBody(response.body, output);
  }
}

async function webhook(
  argument: string | undefined,
  flags: Flags,
  context: CommandContext,
): Promise<void> {
  const options: AuthOptions =
    flags.url !== undefined && configurationFile(flags) === undefined
      ? { adminSecret: false }
      : (await findConfiguration(flags, context)).options;
  const text =
    argument === '-'
      ? await readStandardInput('header lines or a curl command', context)
      : argument;
  const request: AuthRequest = text === undefined ? { headers: {} } : readRequest(text);
  const called = await callHook(withFlags(options, flags), request, context);
  const { explanation, call, warnings } = called;
  const errors = outputOn(context.stderr, context);
  for (const message of warnings)
    errors.line(`${errors.style('yellow', 'warning:')} ${printable(message)}`);
  const output = outputOn(context.stdout, context);
  if (flags.json === true) output.json({ call, ...explanation });
  else {
    writeCall(called, output);
    output.line();
    writeOutcome(explanation, output);
    writeSession(explanation, output);
    writeResponse(explanation, output);
  }
  context.exitCode = explanation.outcome === 'accepted' ? 0 : 1;
}

/** Adds `webhook`. */
export function addWebhook(program: Command, context: CommandContext): void {
  addConfigurationFlags(program.command('webhook'))
    .description('call an auth webhook as the engine does, and say what follows from its answer')
    .argument(
      '[request]',
      'a token, header lines or a curl command; - reads standard input (default: no credentials)',
    )
    .option('--url <url>', 'the address of the webhook, instead of the configured one')
    .addOption(new Option('--mode <mode>', 'how it is called').choices(['GET', 'POST']))
    .option('--no-request-body', 'leave the GraphQL request out of a POST call')
    .option('--json', 'print the call and the explanation as JSON')
    .addHelpText(
      'after',
      `
Credentials are sent to the webhook, and left out of what is printed.
Exit code: 0 accepted, 1 refused, 2 bad input.

Examples:
  hasura-auth webhook --url http://localhost:3000/session
  hasura-auth webhook --url http://localhost:3000/session --mode POST - < request.curl
  hasura-auth webhook --env .env 'Cookie: session=…'`,
    )
    .action((argument: string | undefined, flags: Flags) => webhook(argument, flags, context));
}
