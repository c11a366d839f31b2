/** The name of a session variable: `x-hasura-` and more, in lower case. */
export type VariableName = `x-hasura-${string}`;

/**
 * The session variables of a request: names that begin with `x-hasura-`, in lower case, with string values. An ordinary
 * frozen object. It always holds `x-hasura-role`; any other name may be absent, and is typed so.
 *
 * @example
 * const userId = session.sessionVariables['x-hasura-user-id']; // string | undefined
 */
export type SessionVariables = {
  readonly 'x-hasura-role': string;
  readonly [name: VariableName]: string | undefined;
};

/** Session variables on their way into a session, which takes them over: never a secret. No name of theirs is `__proto__`. */
export type GatheredVariables = Record<VariableName, string>;

const prefix = 'x-hasura-';
/** The engine leaves these out in every mode, so that no secret is ever passed on as a session variable. */
const secretVariables: ReadonlySet<string> = new Set([
  'x-hasura-admin-secret',
  'x-hasura-access-key',
]);

/** Whether a claim, header or hook member is a session variable, by its name in lower case. */
export function isSessionVariable(lowerCaseName: string): lowerCaseName is VariableName {
  return lowerCaseName.startsWith(prefix);
}

/** Whether a session variable, by its name in lower case, holds a secret. */
export function isSecretVariable(lowerCaseName: string): boolean {
  return secretVariables.has(lowerCaseName);
}

/** Takes the session variables from names in any case, none of them spelled twice. */
export function gatherVariables(
  entries: Iterable<readonly [name: string, value: string]>,
): GatheredVariables {
  const gathered: GatheredVariables = {};
  for (const [anyCase, value] of entries) {
    const name = anyCase.toLowerCase();
    if (isSessionVariable(name) && !isSecretVariable(name)) gathered[name] = value;
  }
  return gathered;
}

/** Makes gathered variables a session's: with its role, also if they named another, and never changed again. */
export function variablesFor(role: string, gathered: GatheredVariables): SessionVariables {
  gathered['x-hasura-role'] = role;
  return Object.freeze(gathered as GatheredVariables & { 'x-hasura-role': string }); // as just written
}

/** JSON as a token holds it, deeply frozen. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [member: string]: JsonValue };

/** The verified payload of a token: registered claims by their types (RFC 7519, section 4.1), the rest as JSON. */
export interface JwtClaims {
  /** The issuer. */
  readonly iss?: string;
  /** The subject, mostly the user's id. */
  readonly sub?: string | null;
  /** The audience, or several. */
  readonly aud?: string | readonly string[];
  /** When the token expires, in seconds since the epoch. */
  readonly exp?: number;
  /** When the token becomes valid, in seconds since the epoch. */
  readonly nbf?: number;
  /** When the token was issued, in seconds since the epoch. */
  readonly iat?: number;
  /** The token's own id. */
  readonly jti?: string | null;
  readonly [claim: string]: JsonValue | undefined;
}

/** How the client was authenticated. */
export type SessionMethod = 'admin-secret' | 'jwt' | 'webhook' | 'unauthenticated' | 'unsecured';

/**
 * Types that an app may state once for all its code, by augmenting this interface: `role`, a union of the roles that it
 * knows. `session.role` is then that union and `admin`, and `requireRole` takes no other. Every adapter exports it too.
 *
 * @example
 * declare module '@hasura-auth/express' {
 *   interface HasuraTypes {
 *     role: 'user' | 'editor';
 *   }
 * }
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- to be augmented
export interface HasuraTypes {}

/** A role: any string, unless the app has stated its roles in `HasuraTypes`. */
export type Role = HasuraTypes extends { readonly role: infer Known extends string }
  ? Known | 'admin'
  : string;

/** What a request resolves to: one role and the session variables. Deeply frozen; may be shared between requests. */
export interface Session {
  /** The one role of this request. */
  readonly role: Role;
  /** The session variables; always holds `x-hasura-role`, never a secret. */
  readonly sessionVariables: SessionVariables;
  /** How the client was authenticated. */
  readonly method: SessionMethod;
  /**
   * When the session ends, in milliseconds since the epoch: the token's `exp` plus `allowed_skew`, or the end
   * that the webhook stated. Absent if there is none.
   */
  readonly expiresAt?: number;
  /** The verified payload of the token, deeply frozen. Only if `method` is `jwt`. */
  readonly claims?: JwtClaims;
  /** All roles that the token allows. Only if `method` is `jwt`. */
  readonly allowedRoles?: readonly string[];
  /** Whether an admin asked for backend-only permissions (`x-hasura-use-backend-only-permissions`). */
  readonly backendOnly: boolean;
}

/** A session, and the response headers that belong to it (a webhook's `Set-Cookie`). */
export interface Decision {
  /** The session of the request. */
  readonly session: Session;
  /** Name and value of each header to add to the response, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** When the webhook was asked whose response it is, in milliseconds since the epoch: before the request if it was kept. */
  readonly askedAt?: number | undefined;
}

/** The parts of a session, from the method that accepted the request. */
export interface SessionParts {
  readonly role: string;
  /** Belongs to the session from now on. */
  readonly variables: GatheredVariables;
  readonly method: SessionMethod;
  readonly expiresAt?: number | undefined;
  readonly claims?: JwtClaims | undefined;
  readonly allowedRoles?: readonly string[] | undefined;
  readonly backendOnly?: boolean;
}

const noHeaders: Decision['headers'] = Object.freeze([]);
/** A Date holds no later moment (ECMA-262, 21.4.1.1), so an end beyond it is none. */
const lastMoment = 8.64e15;

type Writable<T> = { -readonly [Member in keyof T]: T[Member] };

// Neither a session nor a decision is written as an object literal with its members. While a cache fills they all live on,
// and V8 would conclude that whatever these literals make is old from the start (allocation site pretenuring). Once the
// cache is full, every token of a flood would then leave its session in the old space until the next full collection.

class FrozenDecision implements Decision {
  constructor(
    readonly session: Session,
    readonly headers: Decision['headers'],
    readonly askedAt: number | undefined,
  ) {
    Object.freeze(this);
  }
}

/** Builds the frozen session of an accepted request. */
export function decision(
  parts: SessionParts,
  headers: Decision['headers'] = noHeaders,
  askedAt?: number,
): Decision {
  const { expiresAt, claims, allowedRoles } = parts;
  const session = {} as Writable<Session>; // the four members that every session has follow
  session.role = parts.role;
  session.sessionVariables = variablesFor(parts.role, parts.variables);
  session.method = parts.method;
  session.backendOnly = parts.backendOnly ?? false;
  if (expiresAt !== undefined && expiresAt <= lastMoment) session.expiresAt = expiresAt;
  if (claims !== undefined) session.claims = claims;
  if (allowedRoles !== undefined) session.allowedRoles = allowedRoles;
  return new FrozenDecision(Object.freeze(session), headers, askedAt);
}
