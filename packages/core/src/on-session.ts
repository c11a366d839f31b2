import { AuthError, ConfigError, isAuthError } from './errors.js';
import { keepAnonymousLike } from './guards.js';
import { isRecord, type Members } from './json.js';
import { andThen, isPromise, type MaybePromise } from './maybe-promise.js';
import { kindOf, recordOf } from './option-checks.js';
import type { AuthRequest } from './request.js';
import { isPlain } from './request-headers.js';
import { type Decision, type Session, isSecretVariable, isSessionVariable } from './session.js';

/** Session variables that an app adds: names that begin with `x-hasura-`, in any case, with string values. */
export type AddedVariables = Readonly<Record<string, string>>;

/**
 * Looks at each session before it is used, and may add variables to it or reject the request. Returns the variables to add
 * (one that is there already is replaced), or nothing; rejects by throwing an AuthError, such as that of `deny`. Any other
 * error, and a return value of another kind, goes to the framework as an error of the app. May be async. `request` is the
 * framework's own; for a WebSocket it has the headers alone. Sessions of admins and of requests without credentials come
 * here too.
 *
 * @example
 * onSession: async (session) => {
 *   if (session.method !== 'jwt') return;
 *   const user = await findUser(requireVariable(session, 'x-hasura-user-id'));
 *   if (user.isBlocked) deny('this user is blocked');
 *   return { 'x-hasura-org-id': user.orgId };
 * },
 */
export type OnSession = (
  session: Session,
  request: AuthRequest,
) => MaybePromise<AddedVariables | undefined | void>;

/** The same with its result kept. */
export interface KeptOnSession {
  /** The function. It runs once for each kept session, and for each request of another one. */
  readonly run: OnSession;
  /**
   * `token`: what `run` returned is kept with the session of a verified token, for as long as the token cache keeps it: the
   * first four roles that are used with a token, each apart. For further roles, sessions by other methods, tokens that the
   * cache does not keep (all of them with `tokenCache: false`) and after a rejection, `run` runs for each request.
   */
  readonly cacheFor: 'token';
}

/** What follows a decision: the decision with the variables that the app adds. */
export type SessionStep = (decision: Decision, request: AuthRequest) => MaybePromise<Decision>;

/**
 * Rejects the request, from within `onSession`: the client gets 403 with the reason as its message.
 *
 * @throws AuthError `denied`, always.
 * @example
 * onSession: (session) => {
 *   if (blockedRoles.has(session.role)) deny('this role is blocked');
 * },
 */
export function deny(reason: string): never {
  throw new AuthError('denied', { detail: reason });
}

function mistake(problem: string): Error {
  return new Error(`onSession: ${problem}`);
}

function checkedVariables(returned: Members): Record<string, string> {
  const added: Record<string, string> = {};
  for (const [anyCase, value] of Object.entries(returned)) {
    const name = anyCase.toLowerCase();
    const shown = JSON.stringify(anyCase);
    if (!isSessionVariable(name))
      throw mistake(`expected a name that begins with x-hasura-, got ${shown}`);
    if (name === 'x-hasura-role' || isSecretVariable(name))
      throw mistake(`${shown} cannot be added to a session`);
    if (name in added) throw mistake(`two names are the same in lower case as ${shown}`);
    if (typeof value !== 'string')
      throw mistake(`expected a string for ${shown}, got ${kindOf(value)}`);
    added[name] = value;
  }
  return added;
}

function withVariables(decision: Decision, returned: unknown): Decision {
  if (returned === undefined || returned === null) return decision;
  if (isAuthError(returned)) throw returned; // meant to be thrown
  if (!isRecord(returned) || !isPlain(returned))
    throw mistake(
      `the function must return an object of session variables or nothing, got ${isRecord(returned) ? 'an object of a class' : kindOf(returned)}`,
    );
  const added = checkedVariables(returned);
  if (Object.keys(added).length === 0) return decision;
  const { session } = decision;
  const sessionVariables = Object.freeze({ ...session.sessionVariables, ...added });
  const changed: Session = Object.freeze({ ...session, sessionVariables });
  keepAnonymousLike(changed, session);
  return Object.freeze({ ...decision, session: changed });
}

/** The sessions of a token live as long as the token is kept, and so does what is kept with them. */
function keptByToken(step: SessionStep): SessionStep {
  const kept = new WeakMap<Session, MaybePromise<Decision>>();
  return (decision, request) => {
    const { session } = decision;
    if (session.method !== 'jwt') return step(decision, request);
    const known = kept.get(session);
    if (known !== undefined) return known;
    const decided = step(decision, request);
    kept.set(session, decided);
    if (isPromise(decided))
      decided.then(
        (later) => {
          kept.set(session, later);
        },
        () => {
          kept.delete(session);
        },
      );
    return decided;
  };
}

/** Reads `onSession`; undefined if the app has none. Throws a ConfigError. */
export function parseOnSession(value: unknown): SessionStep | undefined {
  if (value === undefined) return undefined;
  const isKept = typeof value !== 'function';
  const { run, cacheFor } = isKept
    ? recordOf(value, ['run', 'cacheFor'], 'onSession')
    : { run: value, cacheFor: undefined };
  if (typeof run !== 'function')
    throw new ConfigError('onSession.run', `expected a function, got ${kindOf(run)}`);
  if (isKept && cacheFor !== 'token')
    throw new ConfigError('onSession.cacheFor', "expected 'token'");
  const ask = run as OnSession; // what it takes and returns is up to its type, and what it returns is checked
  const step: SessionStep = (decision, request) =>
    andThen<unknown, Decision>(ask(decision.session, request), (returned) =>
      withVariables(decision, returned),
    );
  return isKept ? keptByToken(step) : step;
}
