import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { inspector } from '@hasura-auth/inspector';
import { forms, InputError } from '@hasura-auth/inspector/reading';
import {
  createDevelopmentIssuer,
  type DevelopmentIssuer,
  type DevelopmentIssuerOptions,
  type DevelopmentUser,
  type KeyPairAlgorithm,
} from '@hasura-auth/testing/development-issuer';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../context.js';
import { outputOn, printable } from '../output.js';
import { readUser } from './users.js';

const algorithms: readonly KeyPairAlgorithm[] = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
const inspectorPath = '/inspector';
const defaultUsers: readonly DevelopmentUser[] = [
  { id: '1', roles: ['user'] },
  { id: '2', roles: ['editor', 'user'] },
];

/** What commander has read of the flags. */
interface Flags {
  readonly port: number;
  readonly user?: readonly DevelopmentUser[];
  readonly audience: string;
  readonly algorithm: KeyPairAlgorithm;
  readonly expiresIn: number;
  readonly logoutUri?: readonly string[];
  readonly json?: true;
}

const wholeNumber =
  (flag: string, least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
    throw new InputError(
      `${flag}: expected a whole number from ${String(least)} to ${String(most)}`,
    );
  };

const users = (text: string, before: readonly DevelopmentUser[] = []): DevelopmentUser[] => [
  ...before,
  readUser(text),
];

const texts = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** The addresses and the configuration of a running issuer. */
interface Served {
  readonly issuer: string;
  readonly inspector: string;
  readonly discovery: string;
  readonly jwtSecret: DevelopmentIssuer['jwtSecret'];
  readonly users: readonly DevelopmentUser[];
}

/** Starts the issuer with the inspector beside it, at the same origin. A mistake in a flag is an InputError. */
async function start(options: DevelopmentIssuerOptions): Promise<DevelopmentIssuer> {
  let pages: RequestListener | undefined;
  const otherwise: RequestListener = (request, response) => {
    if (request.url === '/') response.writeHead(302, { location: `${inspectorPath}/` }).end();
    else pages?.(request, response);
  };
  try {
    const issuer = await createDevelopmentIssuer({ ...options, otherwise });
    const page = inspector({ issuer, path: inspectorPath });
    pages = (request, response) => {
      page(request, response);
    };
    return issuer;
  } catch (error) {
    const { code } = error as { readonly code?: unknown }; // an error of Node, or another that has no code
    if (code === 'EADDRINUSE')
      throw new InputError(`--port: the port ${String(options.port)} is in use; choose another`);
    if (code === 'EACCES')
      throw new InputError(`--port: this user may not listen on port ${String(options.port)}`);
    if (error instanceof TypeError || error instanceof RangeError)
      throw new InputError(`--logout-uri: ${error.message}`);
    throw error;
  }
}

function print(served: Served, context: CommandContext): void {
  const output = outputOn(context.stdout, context);
  const [first] = served.users;
  output.table([
    [output.style('bold', 'inspector'), served.inspector],
    [output.style('bold', 'issuer'), served.issuer],
    [output.style('bold', 'discovery'), served.discovery],
  ]);
  output.line();
  output.line('Configure the API with:');
  const form = forms.find(({ name }) => name === 'env');
  output.line(`  ${form?.print(served.jwtSecret).trimEnd() ?? ''}`);
  output.line('  HASURA_GRAPHQL_DISABLE_ADMIN_SECRET=true');
  output.line(
    'An API with an admin secret has HASURA_GRAPHQL_ADMIN_SECRET instead of the last line.',
  );
  output.line();
  output.line('Log in with any client_id, at the page of the issuer, as one of:');
  for (const { id, roles } of served.users)
    output.line(`  ${printable(id)} (${printable(roles.join(', '))})`);
  output.line();
  output.line('Get a token without a login:');
  output.line(
    `  curl -s ${served.issuer}/token -d grant_type=client_credentials --data-urlencode 'user=${printable(first?.id ?? '1').replaceAll("'", "'\\''")}'`,
  );
  output.line();
  output.line('Press Ctrl-C to stop.');
}

async function serve(flags: Flags, context: CommandContext): Promise<void> {
  const { interrupted } = context; // asked for first, so that an interruption is not missed
  if (context.env['NODE_ENV'] === 'production')
    throw new InputError(
      'serve signs tokens for every user without a password, so it does not start with NODE_ENV=production',
    );
  const { user = defaultUsers, port, audience, algorithm, expiresIn, logoutUri } = flags;
  const issuer = await start({
    port,
    users: user,
    audience,
    algorithm,
    tokenSeconds: expiresIn,
    backChannelLogoutUris: logoutUri,
  });
  try {
    const served: Served = {
      issuer: issuer.issuer,
      inspector: `${issuer.issuer}${inspectorPath}/`,
      discovery: `${issuer.issuer}/.well-known/openid-configuration`,
      jwtSecret: issuer.jwtSecret,
      users: user,
    };
    if (flags.json === true) outputOn(context.stdout, context).json(served);
    else print(served, context);
    if (!interrupted.aborted) await once(interrupted, 'abort');
  } finally {
    await issuer.close();
  }
}

/** Adds `serve`. */
export function addServe(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('run an identity provider for development, with a login page and the inspector')
    .addOption(
      new Option('--port <number>', 'the port on 127.0.0.1; 0 is any free one')
        .argParser(wholeNumber('--port', 0, 65_535))
        .default(4000),
    )
    .addOption(
      new Option(
        '--user <id:roles>',
        'a user of the login page, such as 7:user,editor or 7:user:x-hasura-org-id=3; may be repeated',
      ).argParser(users),
    )
    .option('--audience <text>', 'the audience of its access tokens', 'development-api')
    .addOption(
      new Option('--algorithm <name>', 'the algorithm of its tokens')
        .choices(algorithms)
        .default('RS256'),
    )
    .addOption(
      new Option('--expires-in <seconds>', 'how long its tokens are valid')
        .argParser(wholeNumber('--expires-in', 1, 2_592_000))
        .default(3600),
    )
    .addOption(
      new Option(
        '--logout-uri <address>',
        'an address of this machine that gets a logout token at each logout; may be repeated',
      ).argParser(texts),
    )
    .option('--json', 'print the addresses and the configuration as JSON')
    .addHelpText(
      'after',
      `
Examples:
  hasura-auth serve
  hasura-auth serve --port 4001 --user 7:user,editor:x-hasura-org-id=3 --user 1:admin`,
    )
    .action((flags: Flags) => serve(flags, context));
}
