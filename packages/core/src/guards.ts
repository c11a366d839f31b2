import { AuthError, ConfigError, isAuthError } from './errors.js';
import { andThen, type MaybePromise } from './maybe-promise.js';
import { kindOf } from './option-checks.js';
import type { Role, Session, VariableName } from './session.js';

/** Why a request without credentials is refused in an app that has no `unauthorizedRole`. */
export type MissingKind = 'missing-secret' | 'missing-token';

/** The sessions of requests without credentials; with the refusal that a guard has for them. */
const anonymousSessions = new WeakMap<Session, MissingKind>();

/** Keeps what a guard refuses a session for that has no credentials. */
export function keepAnonymous(session: Session, kind: MissingKind): void {
  anonymousSessions.set(session, kind);
}

/** The same for a session that was made of another one. */
export function keepAnonymousLike(session: Session, origin: Session): void {
  const kind = anonymousSessions.get(origin);
  if (kind !== undefined) anonymousSessions.set(session, kind);
}

function refusalOf(session: Session): AuthError {
  // A session of another copy of this package, or one that a test made, is in no map.
  if (session.method === 'unauthenticated')
    return new AuthError(anonymousSessions.get(session) ?? 'missing-token');
  const bearer = session.method === 'jwt' ? 'insufficient_scope' : undefined;
  return new AuthError('role-guard', { bearer });
}

/** A session that is not there is a mistake in the app, whatever asks for it. */
function sessionFor(asking: string, session: Session | null | undefined): Session {
  if (session) return session;
  throw new Error(`${asking}: there is no session, because hasuraAuth did not run before it`);
}

function checkedRoles(name: string, roles: readonly unknown[]): ReadonlySet<unknown> {
  const [first] = roles;
  if (typeof first === 'object' && first !== null && !Array.isArray(first))
    throw new ConfigError(
      name,
      `it makes a handler and is not one itself; call it, as in ${name}('editor')`,
    );
  if (roles.length === 0 || roles.some((role) => typeof role !== 'string' || role === ''))
    throw new ConfigError(
      name,
      'expected at least one role, each a non-empty string and an argument of its own',
    );
  return new Set(roles);
}

function passes(session: Session, allowed: ReadonlySet<unknown>): boolean {
  return session.role === 'admin' || allowed.has(session.role);
}

/**
 * The check behind `requireRole`. A listed role passes, and `admin` always, as it passes every permission of Hasura. A
 * session without credentials is refused with 401, any other with 403. Without a session it throws an Error that says
 * so.
 *
 * @example
 * const check = roleGuard(['editor']);
 * check(request.session); // throws an AuthError
 */
export function roleGuard(roles: readonly Role[]): (session: Session | null | undefined) => void {
  const allowed = checkedRoles('requireRole', roles);
  return (given) => {
    const session = sessionFor('requireRole', given);
    if (!passes(session, allowed)) throw refusalOf(session);
  };
}

/**
 * The check behind `requireSession`. A session without credentials is refused with 401; with a predicate, a session for
 * which it is false is refused with 403. Without a session, or if the predicate returns neither true nor false, it throws
 * an Error that says so.
 *
 * @example
 * const check = sessionGuard((session) => session.sessionVariables['x-hasura-org-id'] === '1');
 * await check(request.session, request); // rejects with an AuthError
 */
export function sessionGuard<Request>(
  predicate?: (session: Session, request: Request) => MaybePromise<boolean>,
): (session: Session | null | undefined, request: Request) => MaybePromise<void> {
  if (predicate !== undefined && typeof predicate !== 'function')
    throw new ConfigError('requireSession', `expected a function, got ${kindOf(predicate)}`);
  return (given, request) => {
    const session = sessionFor('requireSession', given);
    if (session.method === 'unauthenticated') throw refusalOf(session);
    if (predicate === undefined) return undefined;
    return andThen<unknown, void>(predicate(session, request), (isAllowed) => {
      if (isAllowed === true) return;
      if (isAuthError(isAllowed)) throw isAllowed; // meant to be thrown
      if (!isAllowed) throw refusalOf(session);
      // An empty list, an error that was returned, or a function that was not called: none of them is a yes.
      throw new Error(
        `requireSession: the function must return true or false, got ${kindOf(isAllowed)}`,
      );
    });
  };
}

/**
 * A guard for GraphQL resolvers and other code that has a session: returns if the session has one of the roles or is
 * `admin`, else throws. GraphQL servers show the AuthError's code and path.
 *
 * @throws AuthError 401 for a session without credentials, 403 for any other role.
 * @throws Error if there is no session, because `hasuraAuth` did not run.
 * @throws ConfigError if no role is given.
 * @example
 * drafts: (_root, _args, { session }) => {
 *   assertRole(session, 'editor');
 *   return loadDrafts();
 * },
 */
export function assertRole(
  session: Session | null | undefined,
  ...roles: readonly Role[]
): asserts session is Session {
  const allowed = checkedRoles('assertRole', roles);
  const present = sessionFor('assertRole', session);
  if (!passes(present, allowed)) throw refusalOf(present);
}

/**
 * A session variable that must be there, as text. In a handler the error goes to the framework's error handler; in the
 * predicate of `requireSession` the client gets it in the style of `errorResponse`.
 *
 * @throws AuthError `missing-variable` (403) if the session has no such variable.
 * @example
 * const userId = requireVariable(sessionOf(req), 'x-hasura-user-id');
 */
export function requireVariable(session: Session, name: VariableName): string {
  const variables: Readonly<Record<string, string | undefined>> = session.sessionVariables;
  const known = name.toLowerCase();
  const value = Object.hasOwn(variables, known) ? variables[known] : undefined;
  if (value === undefined)
    throw new AuthError('missing-variable', { detail: JSON.stringify(known) });
  return value;
}

/** PostgreSQL, array input syntax: items in quotes with escapes, or without quotes and any character of the syntax. */
const item = /\s*("(?:[^"\\]|\\[^])*"|[^\s{},"\\](?:[^{},"\\]*[^\s{},"\\])?)\s*(,|$)/y;

function arrayItems(text: string): readonly string[] | undefined {
  const list = /^\s*\{([^]*)\}\s*$/.exec(text)?.[1];
  if (list === undefined) return undefined;
  if (list.trim() === '') return [];
  const items: string[] = [];
  item.lastIndex = 0;
  for (;;) {
    const found = item.exec(list);
    if (found === null) return undefined;
    const text = String(found[1]); // this group is in every match
    if (text.toUpperCase() === 'NULL') return undefined; // no text
    items.push(text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\([^])/g, '$1') : text);
    if (found[2] === '') return items;
  }
}

/**
 * A session variable that holds a list in Hasura's form, `{a,b}` or `{"a b","c"}` (PostgreSQL's array syntax, of one
 * dimension), as its strings.
 *
 * @throws AuthError `missing-variable` (403) if the session has no such variable, `malformed-variable` (400) if it holds no
 * such list.
 * @example
 * const teams = arrayVariable(session, 'x-hasura-team-ids'); // '{1,2}' gives ['1', '2']
 */
export function arrayVariable(session: Session, name: VariableName): readonly string[] {
  const items = arrayItems(requireVariable(session, name));
  if (items !== undefined) return items;
  throw new AuthError('malformed-variable', { detail: JSON.stringify(name.toLowerCase()) });
}

/**
 * The check behind `sessionOf`: a handler that asks for a session if there is none is a mistake in the app.
 *
 * @example
 * export const sessionOf = (request: AppRequest): Session => presentSession(request.session);
 */
export function presentSession(session: Session | null | undefined): Session {
  if (session) return session;
  throw new Error(
    'there is no session on this request: hasuraAuth did not run before this handler',
  );
}
