import type { Mode } from './config/mode.js';
import type { Settings } from './config/parse-options.js';
import { AuthError } from './errors.js';
import type { MissingKind } from './guards.js';
import { byLocation, type LocationConfigs } from './jwt/match-issuer.js';
import { authorizationWords, refuseOtherSchemes, unverifiedTokens } from './jwt/token-location.js';
import type { VerifiedTokens } from './jwt/verified-tokens.js';
import { tokenIdentity } from './jwt/verify.js';
import { isPromise, type MaybePromise } from './maybe-promise.js';
import { AdminSecrets, adminSession, checkSecret } from './methods/admin-secret.js';
import { jwt } from './methods/jwt.js';
import { refuseAnonymous, unauthenticated, unsecured } from './methods/unauthenticated.js';
import { webhook, type HookStatus, type WebhookParts } from './methods/webhook.js';
import type { AuthMethod, RequestView } from './request.js';
import type { Revocations } from './revocation/revocations.js';
import type { Runtime } from './runtime.js';
import type { Decision } from './session.js';
import { hookCache, noHookCache, type HookCache, type IsRevoked } from './webhook/cache.js';
import { sharedAnswers } from './webhook/shared-answers.js';

/** What the methods work with, made at start. */
export interface MethodParts {
  readonly mode: Mode;
  readonly verified: VerifiedTokens;
  readonly hookResponses: HookCache;
  readonly hookStatus: HookStatus;
  readonly runtime: Runtime;
  readonly revocations: Revocations;
}

/** What a webhook's responses are kept in; nothing outside of webhook mode. */
export function hookCacheOf(settings: Settings, revocations: Revocations): HookCache {
  const { mode, runtime } = settings;
  if (mode.kind !== 'webhook' || mode.hook.cache === undefined) return noHookCache;
  const { maxEntries, shared } = mode.hook.cache;
  // A store of several processes keeps its responses; those from before the last `clear` are no longer used here.
  let clearedAt = -Infinity;
  const isRevoked: IsRevoked = (session, askedAt) =>
    askedAt <= clearedAt || revocations.revokesSession(session, [], askedAt);
  // No kept response outlives an entry: it is older than the entry that revokes it.
  const bounds = { isRevoked, maxKeepMs: settings.revocations.maxTokenLifetimeMs };
  const cache = hookCache(maxEntries, runtime.now, {
    ...bounds,
    shared: shared && sharedAnswers(shared, mode.hook, runtime, bounds),
  });
  return {
    ...cache,
    clear() {
      cache.clear();
      clearedAt = runtime.now();
    },
  };
}

/**
 * The tokens of a request, not verified, by which it can be revoked and its connection be found. A webhook reads the
 * Authorization header in its own way, so every long word of it counts. Throws an AuthError if there are too many.
 */
export function tokensOf(mode: Mode): (request: RequestView) => readonly string[] {
  const tokens = unverifiedTokens(tokenLocations(mode));
  return mode.kind === 'webhook'
    ? (request) => [...new Set([...tokens(request), ...authorizationWords(request)])]
    : tokens;
}

/** The order of the methods in each mode. */
export function methodsOf({
  mode,
  verified,
  hookResponses,
  hookStatus,
  runtime,
  revocations,
}: MethodParts): readonly AuthMethod[] {
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
      const token = jwt({ locations, verified, now: runtime.now, revocations });
      const first = mode.precedence === 'jwt' ? [token, adminSession] : [adminSession, token];
      return [
        secret,
        ...first,
        refuseOtherSchemes(locations),
        anonymous(mode.anonymous, 'missing-token'),
      ];
    }
    case 'webhook': {
      const secret = checkSecret(new AdminSecrets(mode.secrets), undefined);
      const tokens = tokensOf(mode);
      const parts: WebhookParts = {
        cache: hookResponses,
        status: hookStatus,
        refuseRevoked: (request) => revocations.checkUnverified(() => tokens(request)),
      };
      return [secret, adminSession, webhook(mode.hook, runtime, parts)];
    }
  }
}

/**
 * The locations of a connection's token; without a JWT configuration, the Authorization header, which a webhook may
 * read.
 */
function tokenLocations(mode: Mode): readonly LocationConfigs[] {
  if (mode.kind === 'jwt') return byLocation(mode.jwts);
  return [{ location: { kind: 'authorization' }, configs: [] }];
}

/**
 * The largest clock difference that a JWT configuration tolerates, in milliseconds; undefined if the `exp` of a token does not
 * end its sessions, since a webhook says when they end.
 */
export function largestSkewMs(mode: Mode): number | undefined {
  if (mode.kind === 'webhook') return undefined;
  return mode.kind === 'jwt' ? Math.max(...mode.jwts.map(({ skewMs }) => skewMs)) : 0;
}

/** Whether a header, by its name in lower case, is one that the configuration reads credentials from. */
export function holdsCredential(mode: Mode): (lowerCaseName: string) => boolean {
  const configured =
    mode.kind === 'jwt'
      ? mode.jwts.map(({ location }) =>
          location.kind === 'header' ? location.name : location.kind,
        )
      : mode.kind === 'webhook'
        ? (mode.hook.cache?.headers ?? [])
        : [];
  const names: ReadonlySet<string> = new Set(configured);
  return (name) => names.has(name);
}

function anonymous(
  access: Extract<Mode, { kind: 'jwt' }>['anonymous'],
  missing: MissingKind,
): AuthMethod {
  return access === undefined
    ? refuseAnonymous(missing)
    : unauthenticated(access.role, access.clientVariables, missing);
}

/** Calls the methods in order until one decides; the last one always does. */
export function inOrder(
  methods: readonly AuthMethod[],
  request: RequestView,
  first = 0,
): MaybePromise<Decision> {
  for (let at = first; at < methods.length; at++) {
    const decided = methods[at]?.(request);
    if (decided === undefined) continue;
    if (!isPromise(decided)) return decided;
    return decided.then((later) => later ?? inOrder(methods, request, at + 1));
  }
  throw new Error('the last method must decide');
}

/** What decides a request. */
export type Decide = (request: RequestView) => MaybePromise<Decision>;

/**
 * Decides as `decide` does. While a request waits, for a webhook or a function of the app, its session may be revoked; it is
 * refused then.
 */
export function untilDecided(
  decide: Decide,
  revocations: Revocations,
  {
    now,
    tokens,
  }: { readonly now: () => number; readonly tokens: (request: RequestView) => readonly string[] },
): Decide {
  return (request) => {
    const { version } = revocations;
    const decided = decide(request);
    if (!isPromise(decided)) return decided;
    const begun = timeOrBefore(now);
    return decided.then((decision) => {
      const { askedAt = begun } = decision;
      const since = Math.min(begun, askedAt);
      if (
        revocations.version !== version &&
        revocations.revokesSession(decision.session, tokens(request).map(tokenIdentity), since)
      )
        throw new AuthError('revoked');
      return decision;
    });
  };
}

/** The time; with a clock that fails, one before every revocation. */
function timeOrBefore(now: () => number): number {
  try {
    return now();
  } catch {
    return -Infinity;
  }
}
