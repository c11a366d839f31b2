import { createServer, type RequestListener } from 'node:http';
import type { JwtSecret } from '@hasura-auth/core';
import type { EndpointBehaviour } from '../endpoint-behaviour.js';
import { closeServer, listenOnLoopback } from '../loopback-server.js';
import { refuseInProduction } from '../production.js';
import type { TestToken } from '../issuer.js';
import type { KeyPairAlgorithm } from '../signing-keys.js';
import { authorizationEndpoint } from './authorization.js';
import { AuthorizationCodes } from './codes.js';
import { controlEndpoints, slowness, type IssuerControls } from './controls.js';
import { json, listener, type Endpoint } from './endpoints.js';
import { homePage } from './home-page.js';
import type { DevelopmentUser } from './identity.js';
import { Logins } from './logins.js';
import { endSessionEndpoint, userinfoEndpoint } from './session-endpoints.js';
import { tokenEndpoint } from './token-endpoint.js';
import { Tokens } from './tokens.js';

/** What a development issuer is made of; all of it has a default. */
export interface DevelopmentIssuerOptions {
  /** The port on 127.0.0.1. Default 0: any free port. */
  readonly port?: number | undefined;
  /** The users whom the login page offers. Default: user 1 with the role `user`. */
  readonly users?: readonly DevelopmentUser[] | undefined;
  /** The audience of its access tokens. Default `development-api`. */
  readonly audience?: string | undefined;
  /** The algorithm of its tokens. Default `RS256`, which every client knows. */
  readonly algorithm?: KeyPairAlgorithm | undefined;
  /** The `Cache-Control` header of its key set. Default `max-age=600`. */
  readonly cacheControl?: string | undefined;
  /** How long its tokens are valid, in seconds. Default 3600. */
  readonly tokenSeconds?: number | undefined;
  /** Addresses of this machine that get a logout token at each logout. Default none. */
  readonly backChannelLogoutUris?: readonly string[] | undefined;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Answers requests for paths that the issuer does not have, `/` included, such as a page of an app's own. */
  readonly otherwise?: RequestListener | undefined;
}

/** An OpenID Connect provider for development, which logs in everyone who asks. */
export interface DevelopmentIssuer extends IssuerControls {
  /** The `iss` claim of its tokens, and its origin. */
  readonly issuer: string;
  /** The JWT configuration that accepts its access tokens. */
  readonly jwtSecret: JwtSecret;
  /**
   * An access token, without a login: by default that of the first user. `x-hasura-user-id` among the variables is the user
   * id, and the default of `expiresIn` is the option `tokenSeconds`.
   */
  token(contents?: TestToken): Promise<string>;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

const paths = {
  keySet: '/.well-known/jwks.json',
  authorization: '/authorize',
  token: '/token',
  userinfo: '/userinfo',
  endSession: '/end-session',
} as const;

/** The discovery document (OpenID Connect Discovery 1.0, section 3). */
const metadata = (issuer: string, algorithm: KeyPairAlgorithm): object => ({
  issuer,
  authorization_endpoint: issuer + paths.authorization,
  token_endpoint: issuer + paths.token,
  userinfo_endpoint: issuer + paths.userinfo,
  end_session_endpoint: issuer + paths.endSession,
  jwks_uri: issuer + paths.keySet,
  scopes_supported: ['openid'],
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'client_credentials'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: [algorithm],
  token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
});

/** Whom a token is for: the user of the options, but for what its contents name. */
function userOf(
  { role, roles, variables }: TestToken,
  user: DevelopmentUser = { id: '1', roles: ['user'] },
): DevelopmentUser {
  const [first, ...others] = user.roles;
  const more = roles ?? (role === undefined ? others : []);
  return {
    id: variables?.['x-hasura-user-id'] ?? user.id,
    roles: [role ?? first, ...more],
    variables: variables ?? user.variables,
  };
}

/** A document that is only read. */
const document = (
  read: () => object,
  headers: Readonly<Record<string, string>> = {},
): Endpoint => ({
  methods: ['GET'],
  fails: true,
  answer: () => json(200, read(), headers),
});

/**
 * Starts an OpenID Connect provider for development on 127.0.0.1: real clients log in with an authorization code and
 * PKCE, on a page that asks for a user and roles instead of a password. Its keys are made anew each time. Throws if
 * `NODE_ENV` is `production`.
 *
 * @example
 * ```ts
 * const issuer = await createDevelopmentIssuer({ port: 4000, users: [{ id: '7', roles: ['user', 'editor'] }] });
 * app.use(hasuraAuth({ adminSecret: false, jwtSecret: issuer.jwtSecret }));
 * ```
 */
export async function createDevelopmentIssuer(
  options: DevelopmentIssuerOptions = {},
): Promise<DevelopmentIssuer> {
  refuseInProduction();
  const {
    port = 0,
    users = [{ id: '1', roles: ['user'] }],
    audience = 'development-api',
    algorithm = 'RS256',
    cacheControl = 'max-age=600',
    tokenSeconds = 3600,
    backChannelLogoutUris = [],
    now = () => Date.now(),
    otherwise,
  } = options;
  let origin = '';
  let behaviour: EndpointBehaviour = { kind: 'normal' };
  let fetches = 0;
  const issuer = (): string => origin;
  const codes = new AuthorizationCodes(now);
  const tokens = await Tokens.create(algorithm, { audience, now, issuer });
  const logins = new Logins({ audience, tokens });
  for (const uri of backChannelLogoutUris) logins.register(uri);

  const controls: IssuerControls = {
    status: () => ({
      issuer: origin,
      behaviour,
      keys: tokens.published.map(({ kid, alg }) => ({ kid, alg })),
      fetches,
      backChannelLogoutUris: logins.uris,
    }),
    rotate: ({ keepPrevious = false } = {}) => tokens.rotate(keepPrevious),
    outage: () => {
      behaviour = { kind: 'outage' };
    },
    slow: (ms) => {
      behaviour = slowness(ms);
    },
    recover: () => {
      behaviour = { kind: 'normal' };
    },
    logout: (target) => logins.logout(target),
    addBackChannelLogoutUri: (uri) => {
      logins.register(uri);
    },
  };
  const jwtSecret = (): JwtSecret => ({ jwk_url: origin + paths.keySet, issuer: origin, audience });

  const endpoints = new Map<string, Endpoint>([
    ['/.well-known/openid-configuration', document(() => metadata(origin, algorithm))],
    ['/.well-known/oauth-authorization-server', document(() => metadata(origin, algorithm))],
    [paths.keySet, document(() => ({ keys: tokens.published }), { 'cache-control': cacheControl })],
    [
      paths.authorization,
      authorizationEndpoint({
        issuer,
        users,
        codes,
        seconds: () => tokens.seconds,
        loggedIn: (login) => {
          logins.add(login);
        },
      }),
    ],
    [paths.token, tokenEndpoint({ users, codes, tokens, tokenSeconds })],
    [paths.userinfo, userinfoEndpoint(tokens)],
    [paths.endSession, endSessionEndpoint(tokens, logins)],
    ...controlEndpoints(controls),
  ]);
  if (otherwise === undefined) endpoints.set('/', homePage(controls.status, jwtSecret));

  const answer = listener({ paths: endpoints, behaviour: () => behaviour, otherwise });
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000 },
    (request, response) => {
      if (request.url?.startsWith(paths.keySet) === true) fetches += 1;
      answer(request, response);
    },
  );
  server.maxConnections = 500;
  origin = await listenOnLoopback(server, port);

  return {
    ...controls,
    issuer: origin,
    jwtSecret: jwtSecret(),
    token: ({ expiresIn = tokenSeconds, claims, ...contents } = {}) =>
      tokens.accessToken(userOf(contents, users[0]), expiresIn, { ...claims }),
    close: () => closeServer(server),
  };
}
