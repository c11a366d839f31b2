import { isRecord } from './json.js';
import {
  refusals,
  type AuthErrorCode,
  type BearerChallenge,
  type Refusal,
  type RefusalKind,
} from './refusals.js';

/** What a throwing step knows beyond the kind. */
export interface RefusalDetail {
  /** Added to the engine's message. Never holds a token, a secret or a claim's value. Default: nothing is added. */
  readonly detail?: string;
  /**
   * A claim's value that the engine's message ends with. It is shown to no one but the client that sent it: it is
   * in `message`, and never in `reason`, in a header, or in an error that goes to the framework.
   */
  readonly quoted?: string;
  /**
   * What went wrong underneath, for logs of the operator's own. Never a JSON parser's error: those quote their input.
   */
  readonly cause?: unknown;
  /** How long a client should wait, in whole seconds, for `Retry-After` (RFC 9110, section 10.2.3). Default: by kind. */
  readonly retryAfter?: number;
  /** Whether the refusal is answered in JWT mode; by default what the kind says. */
  readonly bearer?: BearerChallenge | undefined;
  /** The protection space that a Bearer challenge names (RFC 9110, section 11.5). Default `hasura`. */
  readonly realm?: string;
  /** Values of `Set-Cookie` that a webhook sent with its refusal, each a header of its own. Default none. */
  readonly cookies?: readonly string[];
}

/** The realm of an app that names none. */
export const defaultRealm = 'hasura';

/**
 * A registered symbol, so that the ESM and the CommonJS build of core know each other's errors. An error keeps the
 * detail that it was made with under it.
 */
const authErrorBrand: unique symbol = Symbol.for('@hasura-auth/AuthError');

/** Response headers of a refusal: a list is a header several times. */
export type RefusalHeaders = Readonly<Record<string, string | string[]>>;

/**
 * A refused request. `code` and `message` are the engine's, letter for letter.
 *
 * @example
 * try {
 *   session = await authenticator.authenticate(request);
 * } catch (error) {
 *   if (!isAuthError(error)) throw error;
 *   return new Response(JSON.stringify({ errors: [error] }), { status: error.status });
 * }
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  /** The engine's error code. */
  readonly code: AuthErrorCode;
  /** Where in the request the error is, as the engine says it: always the root. */
  readonly path = '$';
  /** The HTTP status by HTTP's own rules: 401, 403, 503 … */
  readonly status: number;
  /** The same as `status`, by the name that Fastify and others read. */
  readonly statusCode: number;
  /** The status that the engine answers with on its REST endpoints. */
  readonly engineStatus: number;
  /**
   * Response headers that belong to `status`: `WWW-Authenticate`, `Retry-After`, and a webhook's `Set-Cookie`. Not
   * enumerable: loggers write all enumerable members of an error, and the cookie may be a session's.
   */
  declare readonly headers: RefusalHeaders;
  /** Whether the message may be shown to a client: for every status under 500. */
  readonly expose: boolean;
  /** Which row of the error table this is. */
  readonly kind: RefusalKind;
  /**
   * The cause within the kind: `JWTExpired` if the message is `Could not verify JWT: JWTExpired`; the message, if there
   * is no such word. Holds no token, secret or claim's value, so that it may be logged.
   */
  readonly reason: string;
  /** What GraphQL servers show beside the message. */
  readonly extensions: { readonly path: string; readonly code: AuthErrorCode };

  constructor(kind: RefusalKind, detail: RefusalDetail = {}) {
    const refusal = refusals[kind];
    super(
      refusal.message + (detail.detail ?? '') + (detail.quoted ?? ''),
      detail.cause === undefined ? undefined : { cause: detail.cause },
    );
    this.kind = kind;
    this.code = refusal.code;
    this.status = refusal.status;
    this.statusCode = refusal.status;
    this.engineStatus = refusal.engineStatus;
    this.expose = refusal.status < 500;
    this.reason = reasonOf(kind, refusal, detail);
    this.extensions = Object.freeze({ path: this.path, code: this.code });
    Object.defineProperties(this, {
      headers: { value: Object.freeze(headersOf(refusal, detail, this.reason)) },
      [authErrorBrand]: { value: detail },
    });
  }

  /** One member of a GraphQL `errors` list, as the engine writes it. */
  toJSON(): { extensions: { path: string; code: AuthErrorCode }; message: string } {
    return { extensions: { ...this.extensions }, message: this.message };
  }
}

function reasonOf(
  kind: RefusalKind,
  { message, reason }: Refusal,
  { detail }: RefusalDetail,
): string {
  if (reason !== undefined) return reason;
  if (kind === 'invalid-token' && detail !== undefined) return detail;
  return (message + (detail ?? '')).trimEnd();
}

/**
 * RFC 6750, section 3: the characters that `error_description` may hold, which leave out the quote and the backslash.
 */
const described = (reason: string): string =>
  reason.replaceAll(/\\?"/g, "'").replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');

/** RFC 9110, section 5.6.4. */
const quotedString = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

function bearerChallenge(bearer: BearerChallenge, realm: string, reason: string): string {
  const parts = [`realm=${quotedString(realm)}`];
  if (bearer !== 'none') parts.push(`error="${bearer}"`);
  if (bearer === 'invalid_token') parts.push(`error_description="${described(reason)}"`);
  return `Bearer ${parts.join(', ')}`;
}

function challenge(
  refusal: Refusal,
  { bearer = refusal.bearer, realm = defaultRealm }: RefusalDetail,
  reason: string,
): string | undefined {
  if (bearer !== undefined) return bearerChallenge(bearer, realm, reason);
  return refusal.status === 401 ? 'HasuraAdminSecret' : undefined;
}

function headersOf(refusal: Refusal, detail: RefusalDetail, reason: string): RefusalHeaders {
  const headers: Record<string, string | string[]> = {};
  const retryAfter = detail.retryAfter ?? refusal.retryAfter;
  const authenticate = retryAfter === undefined ? challenge(refusal, detail, reason) : undefined;
  if (retryAfter !== undefined) headers['Retry-After'] = String(retryAfter);
  if (authenticate !== undefined) headers['WWW-Authenticate'] = authenticate;
  const { cookies = [] } = detail;
  if (cookies.length > 0) headers['Set-Cookie'] = [...cookies];
  return headers;
}

/** The same refusal with some of its detail changed; itself if nothing changes. */
export function reworded(
  error: AuthError,
  change: { readonly realm?: string; readonly quoted?: '' },
): AuthError {
  // What carries the brand was made by a constructor of this package, which put its detail there: perhaps by a later
  // version, of which an app has a second copy.
  const detail = (error as unknown as Record<typeof authErrorBrand, unknown>)[authErrorBrand];
  if (!Object.hasOwn(refusals, error.kind) || !isRecord(detail)) return error;
  const known: RefusalDetail = detail;
  const { realm = known.realm, quoted = known.quoted } = change;
  if (realm === known.realm && (quoted ?? '') === (known.quoted ?? '')) return error;
  return new AuthError(error.kind, {
    ...known,
    ...(realm !== undefined && { realm }),
    ...(quoted !== undefined && { quoted }),
  });
}

/**
 * Whether something thrown is a refusal, also if it comes from the other build (ESM, CommonJS) of this package.
 *
 * @example
 * if (isAuthError(error)) log.info({ kind: error.kind, reason: error.reason });
 */
export function isAuthError(error: unknown): error is AuthError {
  try {
    return typeof error === 'object' && error !== null && authErrorBrand in error;
  } catch {
    return false; // a proxy that cannot be asked
  }
}

/**
 * A mistake in the options, thrown when `createAuthenticator`, `hasuraAuth` or a preset checks them. The message is one
 * sentence: the option, or its environment variable, then what was expected. It never quotes a secret.
 *
 * @example
 * if (error instanceof ConfigError) console.error(error.message); // adminSecret: expected a non-empty string, got …
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** The path of the option, such as `jwtSecrets[1].claims_map`. */
  readonly option: string;
  readonly #problem: string;

  constructor(option: string, problem: string, shownAs: string = option) {
    super(`${shownAs}: ${problem}`);
    this.option = option;
    this.#problem = problem;
  }

  /** The same mistake, whose message names the option in another way, such as by its environment variable. */
  named(name: string): ConfigError {
    return name === this.option ? this : new ConfigError(this.option, this.#problem, name);
  }
}
