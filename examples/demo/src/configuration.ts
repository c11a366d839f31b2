import {
  createAuthenticator,
  isAuthError,
  optionsFromEnv,
  type Authenticator,
  type AuthOptions,
  type JwtSecret,
} from '@hasura-auth/core';
import type { DevelopmentIssuer } from '@hasura-auth/inspector';
import { signerFor, signerOf, type TokenSigner } from './token-signer.js';

/** The configuration of the three apps, and which requests the demo can make with it. */
export interface Configuration {
  readonly source: 'environment' | 'defaults';
  readonly authenticator: Authenticator;
  /** The options that the authenticator was made of. */
  readonly options: AuthOptions;
  /** Signs tokens that the configuration accepts; a string states why the demo cannot. */
  readonly signer: TokenSigner | string;
  /** A right admin secret in shell syntax. The user's own secret appears as its variable, never as its value. */
  readonly adminSecret: { readonly kind: 'text' | 'shell'; readonly value: string };
  /** The outcome of a request without credentials. */
  readonly withoutCredentials: WithoutCredentials;
}

export type WithoutCredentials =
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'refused'; readonly mode: 'jwt' | 'admin-secret' }
  | { readonly kind: 'hook-decides' };

/** The user's configuration; undefined if none of its variables is set. */
export async function configurationFromEnv(
  env: NodeJS.ProcessEnv,
): Promise<Configuration | undefined> {
  const options = optionsFromEnv(env);
  const isSet = Object.values(options).some((value) => value !== undefined);
  return isSet ? usersOwn(options, env) : undefined;
}

/** The demo's own configuration, which accepts the tokens of the development issuer. */
export function configurationOf(issuer: DevelopmentIssuer): Configuration {
  const adminSecret = 'demo-admin-secret';
  const unauthorizedRole = 'anonymous';
  const options = { adminSecret, jwtSecret: issuer.jwtSecret, unauthorizedRole };
  return {
    source: 'defaults',
    authenticator: createAuthenticator(options),
    options,
    signer: signerOf(issuer),
    adminSecret: { kind: 'text', value: adminSecret },
    withoutCredentials: { kind: 'role', role: unauthorizedRole },
  };
}

async function usersOwn(options: AuthOptions, env: NodeJS.ProcessEnv): Promise<Configuration> {
  const authenticator = createAuthenticator(options);
  const secrets = (options.jwtSecrets ?? [options.jwtSecret])
    .filter((secret) => secret !== undefined)
    // Core has accepted it, so a string is the JSON text of such an object.
    .map((secret) => (typeof secret === 'string' ? (JSON.parse(secret) as JwtSecret) : secret));
  return {
    source: 'environment',
    authenticator,
    options,
    signer: await acceptedSigner(secrets, authenticator),
    adminSecret: { kind: 'shell', value: adminSecretVariable(options, env) },
    withoutCredentials: withoutCredentials(options, secrets.length > 0),
  };
}

/** The first signer whose tokens are accepted. A configuration that the demo cannot sign for is found by trying. */
async function acceptedSigner(
  secrets: readonly JwtSecret[],
  authenticator: Authenticator,
): Promise<TokenSigner | string> {
  let reason = 'there is no JWT secret';
  for (const secret of secrets) {
    const signer = signerFor(secret);
    const refusal =
      typeof signer === 'string' ? signer : await refusalOfToken(signer, authenticator);
    if (refusal === undefined) return signer;
    reason = refusal;
  }
  return reason;
}

async function refusalOfToken(
  { token: signed, location }: TokenSigner,
  authenticator: Authenticator,
): Promise<string | undefined> {
  const token = await signed({ role: 'user', expiresIn: 60 });
  try {
    await authenticator.authenticate({ headers: { [location.header]: location.prefix + token } });
    return undefined;
  } catch (error) {
    if (isAuthError(error)) return `its tokens are rejected: ${error.message}`;
    throw error;
  }
}

function adminSecretVariable(options: AuthOptions, env: NodeJS.ProcessEnv): string {
  if (options.adminSecrets !== undefined)
    return `$(node -p 'JSON.parse(process.env.HASURA_GRAPHQL_ADMIN_SECRETS)[0]')`;
  return env['HASURA_GRAPHQL_ADMIN_SECRET'] === undefined
    ? '$HASURA_GRAPHQL_ACCESS_KEY'
    : '$HASURA_GRAPHQL_ADMIN_SECRET';
}

function withoutCredentials(options: AuthOptions, hasJwt: boolean): WithoutCredentials {
  if (options.authHook !== undefined) return { kind: 'hook-decides' };
  if (options.unauthorizedRole !== undefined)
    return { kind: 'role', role: options.unauthorizedRole };
  return { kind: 'refused', mode: hasJwt ? 'jwt' : 'admin-secret' };
}
