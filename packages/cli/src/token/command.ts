import { createAuthenticator, type AuthOptions } from '@hasura-auth/core';
import {
  InputError,
  jwtSecretsOf,
  readRequest,
  tokenHeaderOf,
  type ReadJwtSecret,
} from '@hasura-auth/inspector/reading';
import type { Command } from 'commander';
import { SignJWT } from 'jose';
import {
  addConfigurationFlags,
  configurationFile,
  findConfiguration,
  type ConfigurationFlags,
} from '../configuration.js';
import type { CommandContext } from '../context.js';
import { outputOn, printable } from '../output.js';
import { readStandardInput, readTextFile } from '../read-text.js';
import { keptWarnings } from '../warnings.js';
import { sessionClaims, type Claims } from './claims.js';
import { readSigningKey, type SigningKey } from './signing-key.js';

interface Flags extends ConfigurationFlags {
  readonly role: string;
  readonly allow?: readonly string[];
  readonly user?: string;
  readonly set?: readonly string[];
  readonly claims?: string;
  readonly expiresIn: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly alg?: string;
  readonly kid?: string;
  readonly keyFile?: string;
  readonly keyEnv?: string;
  readonly keyStdin?: boolean;
  readonly json?: boolean;
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function duration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined)
    throw new InputError('--expires-in: expected a duration such as 30s, 15m, 1h or 7d');
  return Number(count) * (seconds[unit] ?? 1);
}

function variablesOf({ user, set = [] }: Flags): Record<string, string> {
  const entries = set.map((text) => {
    const at = text.indexOf('=');
    const name = text.slice(0, at).toLowerCase();
    if (at === -1 || !/^x-hasura-[\w-]+$/.test(name))
      throw new InputError('--set: expected a session variable such as x-hasura-org-id=3');
    return [name, text.slice(at + 1)] as const;
  });
  return Object.fromEntries([
    ...(user === undefined ? [] : [['x-hasura-user-id', user]]),
    ...entries,
  ]) as Record<string, string>; // of texts
}

function furtherClaims(text: string | undefined): Claims {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // a parser's message quotes its input
  }
  throw new InputError('--claims: expected a JSON object of further claims');
}

/** The configuration that the token is for: that of a flag or of the environment, if there is one. */
async function findOptions(
  flags: Flags,
  context: CommandContext,
): Promise<AuthOptions | undefined> {
  const isInEnvironment = Object.keys(context.env).some((name) =>
    /^HASURA_GRAPHQL_JWT_SECRETS?$/.test(name),
  );
  if (configurationFile(flags) === undefined && !isInEnvironment) return undefined;
  return (await findConfiguration(flags, context)).options;
}

/** The text of the key that the flags name; undefined if none does. */
async function givenKey(flags: Flags, context: CommandContext): Promise<string | undefined> {
  const { keyFile, keyEnv, keyStdin } = flags;
  if ([keyFile, keyEnv, keyStdin].filter((given) => given !== undefined).length > 1)
    throw new InputError('expected one of --key-file, --key-env and --key-stdin');
  if (keyFile !== undefined) return await readTextFile(keyFile, context);
  if (keyStdin === true) return await readStandardInput('the key', context);
  if (keyEnv === undefined) return undefined;
  const value = Object.hasOwn(context.env, keyEnv) ? context.env[keyEnv] : undefined;
  if (value === undefined)
    throw new InputError(`--key-env: the environment has no variable of this name`);
  return value;
}

/** The shared secret of a configuration as a key. */
function configuredKey(secrets: readonly ReadJwtSecret[], alg: string | undefined): SigningKey {
  const shared = secrets.find(
    ({ members: { type } }) => typeof type === 'string' && type.startsWith('HS'),
  );
  const { type, key } = shared?.members ?? {};
  if (typeof key === 'string') return readSigningKey(key, alg ?? String(type));
  throw new InputError(
    secrets.length === 0
      ? 'there is no key to sign with; name one with --key-file, --key-env or --key-stdin, or a configuration with a shared secret'
      : 'the configuration has no shared secret, and its public key cannot sign; name the private key with --key-file, --key-env or --key-stdin',
  );
}

const firstText = (value: unknown): string | undefined => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
};

/** Says on standard error if the configuration that the token was made for would refuse it. */
async function warnIfRefused(
  token: string,
  options: AuthOptions,
  context: CommandContext,
): Promise<void> {
  const { logger } = keptWarnings();
  const authenticator = createAuthenticator({ ...options, logger, runtime: { now: context.now } });
  const { outcome, cause } = await authenticator.explain(
    readRequest(token, tokenHeaderOf(options)),
  );
  await authenticator.close();
  if (outcome === 'accepted') return;
  const output = outputOn(context.stderr, context);
  output.line(
    `${output.style('yellow', 'warning:')} the configuration refuses this token: ${printable(cause)}`,
  );
}

async function makeToken(flags: Flags, context: CommandContext): Promise<void> {
  const variables = variablesOf(flags);
  const expiresIn = duration(flags.expiresIn);
  const further = furtherClaims(flags.claims);
  const options = await findOptions(flags, context);
  const secrets = options === undefined ? [] : jwtSecretsOf(options);
  const text = await givenKey(flags, context);
  const signing =
    text === undefined ? configuredKey(secrets, flags.alg) : readSigningKey(text, flags.alg);
  const isShared = ({ members: { type } }: ReadJwtSecret): boolean =>
    typeof type === 'string' && type.startsWith('HS');
  const members = (text === undefined ? secrets.find(isShared) : secrets[0])?.members ?? {};
  const { role, allow = [], user } = flags;
  const roles = [...new Set([role, ...allow])];
  const iat = Math.floor(context.now() / 1000);
  const iss = flags.issuer ?? firstText(members.issuer);
  const aud = flags.audience ?? firstText(members.audience);
  const payload: Claims = {
    ...(iss !== undefined && { iss }),
    ...(aud !== undefined && { aud }),
    ...(user !== undefined && { sub: user }),
    iat,
    exp: iat + expiresIn,
    ...sessionClaims(members, { role, roles, variables }),
    ...further,
  };
  const kid = flags.kid ?? signing.kid;
  const header = { alg: signing.alg, typ: 'JWT', ...(kid !== undefined && { kid }) };
  const token = await new SignJWT(payload).setProtectedHeader(header).sign(signing.key);
  if (text === undefined && options !== undefined) await warnIfRefused(token, options, context);
  const output = outputOn(context.stdout, context);
  if (flags.json === true) output.json({ token, header, payload });
  else output.line(token);
}

const added = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** Adds `token`. */
export function addToken(program: Command, context: CommandContext): void {
  addConfigurationFlags(program.command('token'))
    .description('sign a token for development, with a key of your own')
    .option('--role <role>', 'the default role', 'user')
    .option('--allow <role>', 'a further allowed role; may be repeated', added)
    .option('--user <id>', 'the user: the claim sub, and x-hasura-user-id')
    .option('--set <name=value>', 'a session variable; may be repeated', added)
    .option('--claims <json>', 'further claims, which replace others of their names')
    .option('--expires-in <duration>', 'such as 30s, 15m, 1h or 7d', '1h')
    .option('--issuer <iss>', 'the claim iss (default: that of the configuration)')
    .option('--audience <aud>', 'the claim aud (default: that of the configuration)')
    .option('--key-file <file>', 'a private key in PEM or JWK, or a shared secret')
    .option('--key-env <name>', 'the environment variable that holds it')
    .option('--key-stdin', 'read it from standard input')
    .option('--alg <algorithm>', 'the algorithm (default: the usual one of the key)')
    .option('--kid <kid>', 'the id of the key in the header')
    .option('--json', 'print the token with its header and payload as JSON')
    .addHelpText(
      'after',
      `
Without a key, the shared secret of the configuration signs. The session variables are put where it reads them.

Examples:
  hasura-auth token --env .env --role editor --user 7
  hasura-auth token --key-file private.pem --kid dev --issuer https://issuer.example --audience my-api
  curl -H "Authorization: Bearer $(hasura-auth token --env .env)" http://localhost:8080/v1/graphql`,
    )
    .action((flags: Flags) => makeToken(flags, context));
}
