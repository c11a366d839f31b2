import type { Mode } from './config/mode.js';
import type { AuthOptions } from './config/options.js';
import { parseOptions, type Settings } from './config/parse-options.js';
import type { ErrorResponse } from './error-response.js';
import { isAuthError } from './errors.js';
import { decisions, type DecisionEvent } from './events.js';
import type { JwtConfig, LocationConfigs } from './jwt/jwt-config.js';
import { refuseOtherSchemes } from './jwt/token-location.js';
import { noVerifiedTokens, verifiedTokens, type VerifiedTokens } from './jwt/verified-tokens.js';
import { andThen, isPromise, type MaybePromise } from './maybe-promise.js';
import { AdminSecrets, adminSession, checkSecret } from './methods/admin-secret.js';
import { jwt } from './methods/jwt.js';
import type { AuthMethod } from './methods/method.js';
import { refuseAnonymous, unauthenticated } from './methods/unauthenticated.js';
import { unsecured } from './methods/unsecured.js';
import {
  anyRequest,
  nodeRequest,
  type AuthRequest,
  type RequestView,
  type StepObserver,
} from './request.js';
import type { Decision, Session } from './session.js';

/** Resolves requests to sessions. One instance may serve several apps. */
export interface Authenticator {
  /** The session of a request. Rejects with an AuthError where the request is refused. */
  authenticate(request: AuthRequest): Promise<Session>;
  /** The same, with response headers to pass on (a webhook's `Set-Cookie`). */
  decide(request: AuthRequest, observe?: StepObserver): Promise<Decision>;
  /**
   * The same for adapters, without a promise where none is needed: a refusal is then thrown. Header names must be in
   * lower case, as Node's HTTP server makes them.
   */
  resolve(request: AuthRequest): MaybePromise<Decision>;
  /** Resolves when every remote key set has been fetched once; rejects with what failed. */
  ready(): Promise<void>;
  /** Forgets every verified token and every kept answer of a webhook. */
  clear(): void;
  /** Stops what is under way. Nothing here keeps the process alive anyway. */
  close(): Promise<void>;
  /** How a refusal is answered. */
  readonly errorResponse: ErrorResponse;
  /** Whether the parsed body decides, so that it must be there before a request is resolved. */
  readonly needsBody: boolean;
}

interface Parts {
  readonly mode: Mode;
  readonly verified: VerifiedTokens;
  readonly now: () => number;
}

/** Groups configurations by location, so that the number of configurations costs a request nothing. */
function byLocation(jwts: readonly JwtConfig[]): readonly LocationConfigs[] {
  const groups = new Map<string, { location: JwtConfig['location']; configs: JwtConfig[] }>();
  for (const config of jwts) {
    const place = JSON.stringify(config.location);
    const group = groups.get(place) ?? { location: config.location, configs: [] };
    group.configs.push(config);
    groups.set(place, group);
  }
  return [...groups.values()];
}

/** Who is tried first: the order of the methods in each mode. */
function methodsOf({ mode, verified, now }: Parts): readonly AuthMethod[] {
  switch (mode.kind) {
    case 'unsecured':
      return [unsecured];
    case 'admin-secret': {
      const secret = checkSecret(new AdminSecrets(mode.secrets), undefined);
      return [secret, adminSession, anonymous(mode.anonymous, 'missing-secret')];
    }
    case 'jwt': {
      const secret = checkSecret(new AdminSecrets(mode.secrets), 'none');
      const locations = byLocation(mode.jwts);
      const token = jwt({ locations, verified, now });
      const inOrder = mode.precedence === 'jwt' ? [token, adminSession] : [adminSession, token];
      return [
        secret,
        ...inOrder,
        refuseOtherSchemes(locations),
        anonymous(mode.anonymous, 'missing-token'),
      ];
    }
    case 'webhook':
      return [checkSecret(new AdminSecrets(mode.secrets), undefined), adminSession];
  }
}

function anonymous(
  access: Extract<Mode, { kind: 'jwt' }>['anonymous'],
  missing: 'missing-secret' | 'missing-token',
): AuthMethod {
  return access === undefined
    ? refuseAnonymous(missing)
    : unauthenticated(access.role, access.clientVariables);
}

/** Asks the methods in order; the last one always decides. */
function runFrom(
  methods: readonly AuthMethod[],
  request: RequestView,
  first: number,
): MaybePromise<Decision> {
  for (let at = first; at < methods.length; at++) {
    const answer = methods[at]?.(request);
    if (answer === undefined) continue;
    if (!isPromise(answer)) return answer;
    return answer.then((later) => later ?? runFrom(methods, request, at + 1));
  }
  throw new Error('the last method must decide');
}

/** Publishes a decision with its duration. Only called where somebody listens. */
function observed(run: () => MaybePromise<Decision>): MaybePromise<Decision> {
  const start = performance.now();
  const tell = (event: Omit<DecisionEvent, 'durationMs'>): void => {
    decisions.publish({ ...event, durationMs: performance.now() - start });
  };
  const refused = (error: unknown): never => {
    tell({ code: isAuthError(error) ? error.code : 'internal-error' });
    throw error;
  };
  try {
    const decided = run();
    const accepted = (decision: Decision): Decision => {
      tell({ method: decision.session.method, role: decision.session.role });
      return decision;
    };
    return isPromise(decided) ? decided.then(accepted, refused) : accepted(decided);
  } catch (error) {
    return refused(error);
  }
}

/**
 * Makes an authenticator from options, checked here and now. Throws a ConfigError that names the option and the way out.
 * Fetches nothing yet.
 */
export function createAuthenticator(options: AuthOptions): Authenticator {
  const settings: Settings = parseOptions(options);
  const { mode, outside, errorResponse, tokenCache } = settings;
  const verified = tokenCache === undefined ? noVerifiedTokens : verifiedTokens(tokenCache);
  const methods = methodsOf({ mode, verified, now: outside.now });
  const keySources = mode.kind === 'jwt' ? mode.jwts.map(({ keys }) => keys) : [];

  const run = (request: RequestView): MaybePromise<Decision> =>
    decisions.hasSubscribers
      ? observed(() => runFrom(methods, request, 0))
      : runFrom(methods, request, 0);

  return {
    errorResponse,
    needsBody: mode.kind === 'webhook' && mode.hook.mode === 'POST' && mode.hook.sendRequestBody,
    resolve: (request) => run(nodeRequest(request)),
    async decide(request, observe) {
      return run(anyRequest(request, observe));
    },
    async authenticate(request) {
      return andThen(run(anyRequest(request)), ({ session }) => session);
    },
    async ready() {
      await Promise.all(keySources.map((source) => source.ready()));
    },
    clear: () => {
      verified.clear();
    },
    async close() {
      for (const source of keySources) source.close();
    },
  };
}
