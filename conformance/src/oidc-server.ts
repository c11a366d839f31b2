import './quiet-oidc-notices.js';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

/** The one client: a public one, as an app in a browser is. */
export const oidcClient = {
  client_id: 'demo-app',
  redirect_uris: ['https://app.example.com/callback'],
  token_endpoint_auth_method: 'none',
} as const;

/** The API that access tokens are for: a resource indicator (RFC 8707), which becomes their audience. */
export const oidcApi = 'https://api.example.com';

/** An identity provider on loopback. */
export interface OidcServer {
  readonly issuer: string;
  /** How many times the key set was fetched. */
  readonly keySetFetches: number;
  /** Restarts the provider at the same address with other keys: all are published, the first signs. */
  restart(...keys: readonly JWK[]): void;
  /** Sends the client a logout token for a user, as the provider does at the end of a session. Rejects unless it gets 200. */
  logOut(user: string, sid: string): Promise<void>;
  close(): Promise<void>;
}

export interface OidcServerOptions {
  readonly keys: readonly JWK[];
  /** The `Cache-Control` of the key set. */
  readonly cacheControl: string;
  /** Where the client receives logout tokens, with the id of the session. Default: nowhere. */
  readonly logoutUri?: string;
}

/** A new private key to sign with. */
export async function newSigningKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
}

/** The method of a client that sends a logout token. */
interface LogoutClient {
  backchannelLogout(user: string, sid: string): Promise<void>;
}

/** The session variables of a user, where the engine looks for them. */
const hasuraClaims = (userId: string | undefined): object => ({
  'https://hasura.io/jwt/claims': {
    'x-hasura-allowed-roles': ['user', 'editor'],
    'x-hasura-default-role': 'user',
    'x-hasura-user-id': userId,
  },
});

/** No user is asked to consent: client and API belong to the same operator. */
async function grantEverything({
  oidc,
}: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']>> {
  const { client, session, provider } = oidc;
  if (client === undefined || session?.accountId === undefined)
    throw new Error('no user has logged in');
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(oidcApi, 'graphql');
  await grant.save();
  return grant;
}

const configuration = (keys: readonly JWK[], logoutUri?: string): Configuration => ({
  jwks: { keys: keys.map((key) => ({ ...key })) },
  clients: [
    {
      ...oidcClient,
      redirect_uris: [...oidcClient.redirect_uris],
      ...(logoutUri !== undefined && {
        backchannel_logout_uri: logoutUri,
        backchannel_logout_session_required: true,
      }),
    },
  ],
  cookies: { keys: ['signs the cookies of this test'] },
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  loadExistingGrant: grantEverything,
  // the Hasura claims go into access tokens; `accountId` is the user who logged in
  extraTokenClaims: (_ctx, token) =>
    hasuraClaims('accountId' in token ? String(token.accountId) : undefined) as Record<
      string,
      unknown
    >,
  interactions: { url: (_ctx, { uid }) => `/login/${uid}` },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: logoutUri !== undefined },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, audience) => ({
        audience,
        scope: 'graphql',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 24 * 60 * 60, // the clock of the apps runs ahead of the provider's
      }),
    },
  },
});

/** The login page: any name is accepted, without a password. */
async function logIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
  const user = searchParams.get('user');
  if (user === null) response.end('Who are you?');
  else await provider.interactionFinished(request, response, { login: { accountId: user } });
}

/** A real identity provider (npm `oidc-provider`) behind a real port. */
export async function startOidcServer({
  keys,
  cacheControl,
  logoutUri,
}: OidcServerOptions): Promise<OidcServer> {
  let fetches = 0;
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

  let logOut: OidcServer['logOut'] = () => Promise.reject(new Error('not started'));
  const restart: OidcServer['restart'] = (...signing) => {
    const provider = new Provider(issuer, configuration(signing, logoutUri));
    logOut = async (user, sid) => {
      const client = (await provider.Client.find(oidcClient.client_id)) as LogoutClient | undefined; // its types leave the method out
      await client?.backchannelLogout(user, sid);
    };
    provider.use(async (ctx, next) => {
      await next();
      if (ctx.oidc?.route !== 'jwks') return;
      fetches++;
      ctx.set('Cache-Control', cacheControl); // the provider itself sets none
    });
    const callback = provider.callback();
    handle = (request, response) =>
      request.url?.startsWith('/login/')
        ? logIn(provider, request, response)
        : callback(request, response);
  };
  restart(...keys);
  server.unref();

  return {
    issuer,
    get keySetFetches() {
      return fetches;
    },
    restart,
    logOut: (user, sid) => logOut(user, sid),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
