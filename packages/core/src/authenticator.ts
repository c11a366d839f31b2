import { URL } from 'node:url';
import type { AuthOptions } from './config/options.js';
import { parseOptions, type Settings } from './config/parse-options.js';
import { createConnections, type Connections } from './connection/connections.js';
import { connectionView, type ConnectionRequest } from './connection/handshake.js';
import { allowedOrigins, type AllowedOrigins, type ConnectionRules } from './connection/rules.js';
import {
  holdsCredential,
  hookCacheOf,
  inOrder,
  largestSkewMs,
  methodsOf,
  tokensOf,
  untilDecided,
  type Decide,
} from './credentials.js';
import type { ErrorResponse } from './error-response.js';
import { isAuthError, reworded } from './errors.js';
import { explainer } from './explain/explain.js';
import type { Explanation } from './explain/explanation.js';
import { noVerifiedTokens, verifiedTokens } from './jwt/verified-tokens.js';
import { KeepAlive } from './keep-alive.js';
import { andThen, isPromise, type MaybePromise } from './maybe-promise.js';
import { HookStatus } from './methods/webhook.js';
import { authentications, type Transport } from './observability/channels.js';
import { tracedDecision } from './observability/contexts.js';
import { announceHealth, type Health } from './observability/health.js';
import { reported } from './on-refused.js';
import { anyRequest, type AuthRequest, type RequestView, type StepObserver } from './request.js';
import {
  backChannelLogout,
  type AcceptLogoutToken,
  type BackChannelLogoutOptions,
} from './revocation/back-channel-logout.js';
import type { Revocation } from './revocation/revocation.js';
import { Revocations } from './revocation/revocations.js';
import { callHarmlessly } from './runtime.js';
import type { Decision, Session } from './session.js';

/** Resolves requests to sessions. One instance may serve several apps. */
export interface Authenticator {
  /**
   * For apps: the session of a request. Header names may be in any case, in Node's form or the web's. Rejects with an
   * AuthError if the request is refused; headers of any other form are.
   */
  authenticate(request: AuthRequest): Promise<Session>;
  /**
   * For operators: the same decision as `authenticate` makes, as data: each step, why the request is accepted or
   * rejected, and what to change. A refusal is a result and no rejection; an error of the app's own code rejects.
   *
   * It calls the webhook and `onSession` and fetches keys, since they are parts of the decision, and uses a response of a
   * webhook that is kept. It calls neither `onRefused` nor the log of refusals, publishes no event of a decision, and
   * neither reads nor fills the cache of verified tokens, so that each step is shown. Claims and session variables are shown:
   * pass an explanation to nobody but those who operate the app. Not in Hasura.
   *
   * @example
   * const { outcome, cause, remedy } = await authenticator.explain({ headers: { authorization: `Bearer ${token}` } });
   * console.log(outcome, cause, remedy);
   */
  explain(request: AuthRequest): Promise<Explanation>;
  /**
   * For adapters: the session, with response headers to pass on (a webhook's `Set-Cookie`); at once if nothing has to be
   * waited for. Throws or rejects as `authenticate` does. An observer is called at each step of the decision.
   */
  decide(request: AuthRequest, observe?: StepObserver): MaybePromise<Decision>;
  /**
   * The session of a WebSocket, from the client's first message and the handshake. Rejects with an AuthError. The
   * handshake's cookies are read if its `Origin` is one of `origins`, as `allowedOrigins` of `connections` says; by default
   * they are not read.
   */
  authenticateConnection(request: ConnectionRequest, origins?: AllowedOrigins): Promise<Session>;
  /** A registry of open connections, each closed when its session ends. Throws a ConfigError. */
  connections(rules?: ConnectionRules): Connections;
  /**
   * Revokes tokens: one (`token`), or all with a `jti`, a `sid` or a `sub`, or all of an issuer (`iss` alone). They are
   * refused in this process at once, and on every process of `revocations` as soon as its store has passed it on; their open
   * connections are closed with 4403. Rejects with a ConfigError if it is not exactly one of these, and with an Error if
   * there are too many entries or the store failed; the tokens are then refused by this process alone, or by none.
   *
   * @example
   * await authenticator.revoke({ sub: 'user-1' }); // tokens issued until now; a new login works
   */
  revoke(revocation: Revocation): Promise<void>;
  /**
   * Makes a function that accepts the logout tokens of the provider (OpenID Connect Back-Channel Logout 1.0): it verifies
   * one by the JWT configuration and revokes the tokens of its `sid` or `sub`. `backChannelLogoutHandler` of an adapter is
   * the endpoint around it. Throws a ConfigError if there is no JWT configuration or no audience.
   */
  backChannelLogout(options?: BackChannelLogoutOptions): AcceptLogoutToken;
  /**
   * Resolves when every remote key set has been fetched and the store of revocations has been read once; rejects with what
   * failed, also if `revocations.onUnavailable` is `allow`. The authenticator can be used after a rejection: it tries again
   * by itself. The process stays alive while `ready()` is pending.
   *
   * @example
   * await authenticator.ready().catch((error: Error) => console.error(error.message)); // serve without the list for now
   */
  ready(): Promise<void>;
  /**
   * How the key sets, the webhook and the revocations are doing, for a readiness probe. Looks at what is known and fetches
   * nothing: `ready()` does.
   *
   * @example
   * app.get('/readyz', (req, res) => {
   *   const health = auth.authenticator.health();
   *   res.status(health.ready ? 200 : 503).json(health);
   * });
   */
  health(): Health;
  /**
   * Forgets every verified token and every kept response of a webhook, in this process: of responses that processes share,
   * those from before are no longer used here. Revocations stay in force.
   */
  clear(): void;
  /**
   * Ends the fetches of key sets and no longer follows the store of revocations. A `ready()` that is pending no longer keeps
   * the process alive, and neither does a store in Redis that no other authenticator uses. Requests that wait for a webhook still get its response, or an error when its `timeoutMs` is over.
   */
  close(): Promise<void>;
  /**
   * Passes a rejection by a guard to `onRefused` and the log of refusals; those of the methods above it are passed
   * there.
   */
  reportRefusal(error: unknown, request: AuthRequest): void;
  /** For adapters: the time by the clock that sessions end by (`runtime.now`), in milliseconds since the epoch. */
  readonly now: () => number;
  /** The style of the responses to refused requests. */
  readonly errorResponse: ErrorResponse;
  /** The protection space that a Bearer challenge names. */
  readonly realm: string;
  /** Whether the parsed body decides, so that it must be there before a request is decided. */
  readonly needsBody: boolean;
}

/**
 * Makes an authenticator from options, which are checked at once. Key sets are fetched later, for the first token.
 *
 * @throws ConfigError that names the option and what was expected.
 * @example
 * const authenticator = createAuthenticator({
 *   adminSecret: 'a-long-random-admin-secret',
 *   jwtSecret: { jwk_url: 'https://issuer.example/jwks.json', audience: 'my-api' },
 * });
 * const session = await authenticator.authenticate(request);
 */
export function createAuthenticator(options: AuthOptions): Authenticator {
  const settings: Settings = parseOptions(options);
  const { mode, runtime, errorResponse, realm, tokenCache, onSession, reportRefusal } = settings;
  const verified = tokenCache === undefined ? noVerifiedTokens : verifiedTokens(tokenCache);
  const revocations = new Revocations(settings.revocations, runtime, largestSkewMs(mode));
  const hookResponses = hookCacheOf(settings, revocations);
  const hookStatus = new HookStatus();
  const methods = methodsOf({ mode, verified, hookResponses, hookStatus, runtime, revocations });
  const keySources = mode.kind === 'jwt' ? mode.jwts.map(({ keys }) => keys) : [];

  // What an app does not use costs it nothing: each of these three is there only if it has to be.
  const byMethods = (request: RequestView): MaybePromise<Decision> => inOrder(methods, request);
  const decided =
    onSession === undefined
      ? byMethods
      : (request: RequestView) =>
          andThen(byMethods(request), (decision) => {
            const { session } = decision;
            request.observe?.({ step: 'on-session', outcome: 'called', session });
            return onSession(decision, request.source);
          });
  const current = untilDecided(decided, revocations, {
    now: runtime.now,
    tokens: tokensOf(mode),
  });
  const published = (
    request: RequestView,
    transport: Transport,
    decide: Decide,
  ): MaybePromise<Decision> =>
    authentications.hasSubscribers
      ? tracedDecision(request, { transport, mode: mode.kind }, decide)
      : decide(request);
  const run =
    reportRefusal === undefined
      ? published
      : (request: RequestView, transport: Transport, decide: Decide) =>
          reported(
            () => published(request, transport, decide),
            (error) => reportRefusal(error, request.source),
          );
  /** Reports that the request of a connection cannot be read, as a decision that refuses it. */
  const reportUnread = (error: unknown): void => {
    callHarmlessly(() =>
      run(anyRequest({ headers: {} }), 'websocket', () => {
        throw error;
      }),
    );
  };

  const total = { connections: 0 };
  const hookOrigin = mode.kind === 'webhook' ? new URL(mode.hook.url).origin : undefined;
  const health = (): Health => {
    const keySets = keySources.flatMap((source) => source.health?.() ?? []);
    return {
      ready: keySets.every(({ keys }) => keys > 0) && !revocations.refusesTokens,
      keySets,
      hook: hookOrigin === undefined ? undefined : hookStatus.health(hookOrigin),
      revocations: revocations.isUsed ? revocations.state : undefined,
      connections: total.connections,
    };
  };
  const withdrawHealth = announceHealth(health);
  const keepAlive = new KeepAlive();

  const handshakeRules = {
    holdsCredential: holdsCredential(mode),
    acceptsAnyScheme: mode.kind === 'webhook',
  };

  /** Rethrows an error; a refusal with the realm of this app in its challenge. */
  const refused = (error: unknown): never => {
    throw isAuthError(error) ? reworded(error, { realm }) : error;
  };

  return {
    errorResponse,
    realm,
    needsBody: mode.kind === 'webhook' && mode.hook.mode === 'POST' && mode.hook.sendRequestBody,
    now: runtime.now,
    decide: (request, observe) => run(anyRequest(request, observe), 'http', current),
    explain: explainer({ ...settings, decide: current }),
    reportRefusal: (error, request) => reportRefusal?.(error, request),
    async authenticate(request) {
      try {
        const decided = run(anyRequest(request), 'http', current);
        return isPromise(decided) ? (await decided).session : decided.session;
      } catch (error) {
        return refused(error);
      }
    },
    async authenticateConnection(request, origins) {
      const rules = { ...handshakeRules, allowsOrigin: allowedOrigins(origins) };
      let view: RequestView;
      try {
        view = connectionView(request, rules);
      } catch (error) {
        reportUnread(error);
        throw error;
      }
      return (await run(view, 'websocket', current)).session;
    },
    connections: (rules = {}) =>
      createConnections(
        {
          resolve: (request) => run(request, 'websocket', current),
          reportUnread,
          unverifiedTokens: tokensOf(mode),
          ...handshakeRules,
          runtime,
          total,
          revocations,
        },
        rules,
      ),
    revoke: (revocation) => keepAlive.during(revocations.revoke(revocation)),
    backChannelLogout: (options = {}) =>
      backChannelLogout(
        { jwts: mode.kind === 'jwt' ? mode.jwts : [], runtime, revocations },
        options,
      ),
    async ready() {
      const sources = [...keySources, revocations];
      await keepAlive.during(Promise.all(sources.map((source) => source.ready())));
    },
    health,
    clear: () => {
      verified.clear();
      hookResponses.clear();
    },
    async close() {
      withdrawHealth();
      keepAlive.end();
      for (const source of [...keySources, revocations]) source.close();
    },
  };
}
