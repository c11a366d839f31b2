import { ConfigError, createAuthenticator, type AuthOptions } from '@hasura-auth/core';
import { optionNames, type KeySetReport } from '@hasura-auth/core/adapter';
import { InputError } from '@hasura-auth/inspector/reading';
import type { Command } from 'commander';
import {
  addConfigurationFlags,
  configurationFile,
  findConfiguration,
  type ConfigurationFlags,
  type FoundConfiguration,
} from '../configuration.js';
import type { CommandContext } from '../context.js';
import { callHook } from '../hook/call.js';
import { outputOn, printable, type Output } from '../output.js';
import { keptWarnings } from '../warnings.js';
import { problem, warning, type Finding } from './finding.js';
import { checkIdleMembers } from './idle-members.js';
import { checkKeySets, writeKeySets } from './key-sets.js';
import { checkSecrets } from './secrets.js';

interface Flags extends ConfigurationFlags {
  readonly json?: boolean;
  readonly callHook?: boolean;
  readonly offline?: boolean;
}

/** What `check` found. */
interface Checked {
  readonly source: string;
  readonly findings: readonly Finding[];
  readonly keySets: readonly KeySetReport[];
  /** What a probe without credentials led to; undefined if the hook was not called. */
  readonly hook: string | undefined;
}

/** The mistake of the options and their warnings, by the code that a server starts with. */
function checkOptions(options: AuthOptions): {
  readonly isValid: boolean;
  readonly findings: Finding[];
} {
  const { logger, messages } = keptWarnings();
  let mistake: string | undefined;
  try {
    createAuthenticator({ ...options, logger });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    mistake = error.message;
  }
  const found = mistake === undefined ? [] : [problem(mistake)];
  return { isValid: mistake === undefined, findings: [...found, ...messages.map(warning)] };
}

/** Calls the hook without credentials: what it answers is its own matter, as long as the answer can be used. */
async function probeHook(
  options: AuthOptions,
  context: CommandContext,
): Promise<{ readonly hook: string; readonly findings: Finding[] }> {
  const { explanation, call } = await callHook(options, { headers: {} }, context);
  const { outcome, cause, refusal } = explanation;
  const isBroken = refusal !== undefined && refusal.status >= 500;
  const status = call?.response === undefined ? '' : ` (status ${String(call.response.status)})`;
  return {
    hook: `${outcome} without credentials${status}: ${cause}`,
    findings: isBroken ? [problem(`the webhook: ${cause}`)] : [],
  };
}

async function checked(
  found: FoundConfiguration,
  flags: Flags,
  context: CommandContext,
): Promise<Checked> {
  const { source } = found;
  const { fetch, now } = context;
  const options: AuthOptions = { ...found.options, fetch, runtime: { now } };
  const nameOf = optionNames(options);
  const { isValid, findings } = checkOptions(options);
  const own = [...checkSecrets(options, nameOf), ...checkIdleMembers(options, nameOf)];
  const quiet = { ...options, logger: keptWarnings().logger };
  const fetched = isValid && flags.offline !== true ? await checkKeySets(quiet) : undefined;
  const probe = isValid && flags.callHook === true ? await probeHook(options, context) : undefined;
  return {
    source,
    findings: [...findings, ...own, ...(fetched?.findings ?? []), ...(probe?.findings ?? [])],
    keySets: fetched?.reports ?? [],
    hook: probe?.hook,
  };
}

/** Reads the configuration; a variable with a wrong value is a finding, and a file that cannot be read is bad input. */
async function findAndCheck(flags: Flags, context: CommandContext): Promise<Checked> {
  let found;
  try {
    found = await findConfiguration(flags, context);
  } catch (error) {
    if (!(error instanceof InputError && error.cause instanceof ConfigError)) throw error;
    const source = configurationFile(flags) ?? 'the environment';
    return { source, findings: [problem(error.message)], keySets: [], hook: undefined };
  }
  return await checked(found, flags, context);
}

const counted = (count: number, word: string): string =>
  `${String(count)} ${word}${count === 1 ? '' : 's'}`;

function write({ source, findings, keySets, hook }: Checked, output: Output): void {
  const errors = findings.filter(({ level }) => level === 'error').length;
  const warnings = findings.length - errors;
  output.line(`${output.style('bold', 'configuration')}: ${printable(source)}`);
  output.table(
    findings.map(({ level, message }) => [
      output.style(level === 'error' ? 'red' : 'yellow', level),
      printable(message),
    ]),
  );
  writeKeySets(keySets, output);
  if (hook !== undefined) {
    output.line();
    output.line(`${output.style('bold', 'Webhook')} ${printable(hook)}`);
  }
  if (keySets.length > 0 || hook !== undefined) output.line();
  const style = errors > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green';
  output.line(output.style(style, `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`));
}

/** Adds `check`. */
export function addCheck(program: Command, context: CommandContext): void {
  addConfigurationFlags(program.command('check'))
    .description('check a configuration, its secrets, its key sets and its webhook')
    .option('--call-hook', 'call the webhook once, without credentials')
    .option('--offline', 'fetch no key set')
    .option('--json', 'print what was found as JSON')
    .addHelpText(
      'after',
      `
The configuration is read from the HASURA_GRAPHQL_ variables of the environment, unless a flag names a file.
Exit code: 0 no error (there may be warnings), 1 an error was found, 2 bad input.

Examples:
  hasura-auth check
  hasura-auth check --env .env --json
  hasura-auth check --compose docker-compose.yaml --service graphql-engine --call-hook`,
    )
    .action(async (flags: Flags) => {
      const result = await findAndCheck(flags, context);
      const isGood = result.findings.every(({ level }) => level !== 'error');
      const output = outputOn(context.stdout, context);
      if (flags.json === true) output.json({ ok: isGood, ...result });
      else write(result, output);
      context.exitCode = isGood ? 0 : 1;
    });
}
