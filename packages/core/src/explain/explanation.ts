import type { RefusalResponse } from '../error-response.js';
import type { AuthErrorCode, RefusalKind } from '../refusals.js';
import type { DecisionStep } from '../request.js';
import type { JsonValue, Session } from '../session.js';

/** One step of an explained decision, in words for an operator. */
export interface ExplainedStep {
  /** Which step it is; `headers` if they cannot be read, so that no step follows. */
  readonly step: DecisionStep['step'] | 'headers';
  /** What the step looked at, such as `the header Authorization`. */
  readonly lookedAt: string;
  /** What it found there. No secret, no token, no value of a claim other than roles. */
  readonly found: string;
  /** What followed from it. */
  readonly therefore: string;
}

/** The refusal of an explained request: what an `AuthError` holds. */
export interface ExplainedRefusal {
  readonly kind: RefusalKind;
  /** The engine's error code. */
  readonly code: AuthErrorCode;
  /** The engine's message, as the client gets it. */
  readonly message: string;
  /** The part of the message that differs within a kind, such as `JWTExpired`. */
  readonly reason: string;
  /** The HTTP status by the rules of HTTP. */
  readonly status: number;
  /** The HTTP status of the engine's REST endpoints. */
  readonly engineStatus: number;
}

/** The token of an explained request, taken apart. It holds no signature, so it cannot be used as a token. */
export interface ExplainedToken {
  /** Where it was found, such as `the header Authorization`. */
  readonly location: string;
  /** The header as JSON; undefined if it cannot be read. */
  readonly header: JsonValue | undefined;
  /** The claims as JSON; undefined if they cannot be read. Anybody could have written them unless `isVerified`. */
  readonly payload: JsonValue | undefined;
  /** Whether the signature was verified by a configured key. */
  readonly isVerified: boolean;
  /** The identity of the token: the SHA-256 of header and payload in base64url, as revocations name it. */
  readonly identity: string;
}

/**
 * Why a request is accepted or rejected. Secrets, signatures and tokens are left out or replaced by `[redacted]`; the
 * claims of the token and the session variables are shown, so it is for operators and not for clients.
 *
 * @example
 * const { cause, remedy } = await authenticator.explain(request);
 * console.log(cause, remedy); // The token expired 2 hours ago. Let the client fetch a fresh token …
 */
export interface Explanation {
  /** Whether `authenticate` would return a session or reject the request. */
  readonly outcome: 'accepted' | 'refused';
  /** Why, in one sentence. */
  readonly cause: string;
  /** What to change, and where; undefined if there is nothing to change. */
  readonly remedy: string | undefined;
  /** Each step that was taken, in order. */
  readonly steps: readonly ExplainedStep[];
  /** The session of the request; undefined if it is rejected. */
  readonly session: Session | undefined;
  /** The refusal; undefined if the request is accepted. */
  readonly refusal: ExplainedRefusal | undefined;
  /**
   * The response to the client in the app's error style; undefined if the request is accepted, or if the error goes to the
   * framework (`errorResponse: 'forward'`, or a function that fails).
   */
  readonly response: RefusalResponse | undefined;
  /** The token that decided, or the first one that was found; undefined if the request has none. */
  readonly token: ExplainedToken | undefined;
}
