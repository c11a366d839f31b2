import { isAuthError } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { AuthErrorCode, RefusalKind } from '../refusals.js';
import type { DecisionTrace, RequestView } from '../request.js';
import type { Decision, Session, SessionMethod } from '../session.js';
import {
  authentications,
  type AuthenticateContext,
  type ModeName,
  type Transport,
} from './channels.js';
import { traced, type OpenContext } from './traced.js';

/** A registered symbol, so that the ESM and the CommonJS build of core know each other's contexts. */
const sessionKey: unique symbol = Symbol.for('@hasura-auth/session');

class Authentication implements AuthenticateContext, OpenContext<Decision>, DecisionTrace {
  readonly transport: Transport;
  readonly mode: ModeName;
  method: SessionMethod | undefined = undefined;
  role: string | undefined = undefined;
  kind: RefusalKind | 'internal-error' | undefined = undefined;
  code: AuthErrorCode | 'internal-error' | undefined = undefined;
  status: number | undefined = undefined;
  fromCache: boolean | undefined = undefined;
  durationMs: number | undefined = undefined;
  #session: Session | undefined;

  constructor(transport: Transport, mode: ModeName) {
    this.transport = transport;
    this.mode = mode;
  }

  resolved({ session }: Decision): boolean {
    this.#session = session;
    this.method = session.method;
    this.role = session.role;
    return false;
  }

  rejected(error: unknown): void {
    const { kind, code, status } = isAuthError(error) ? error : internalError;
    this.kind = kind;
    this.code = code;
    this.status = status;
  }

  /** A function and no member, so that nothing that writes a message out writes the session's claims. */
  [sessionKey](): Session | undefined {
    return this.#session;
  }
}

const internalError = { kind: 'internal-error', code: 'internal-error', status: 500 } as const;

/**
 * The session of a complete context, for a subscriber that must know the user, such as for `user.hash`. It is no member of
 * the message, so that a subscriber that writes whole messages writes no claim. Undefined if the request was rejected.
 */
export function sessionOfContext(context: AuthenticateContext): Session | undefined {
  return (context as { readonly [sessionKey]?: () => Session | undefined })[sessionKey]?.(); // only this library's contexts have one
}

/** Decides a request and publishes that; called only if a channel of decisions has a subscriber. */
export function tracedDecision(
  request: RequestView,
  { transport, mode }: { readonly transport: Transport; readonly mode: ModeName },
  decide: (request: RequestView) => MaybePromise<Decision>,
): MaybePromise<Decision> {
  const context = new Authentication(transport, mode);
  request.trace = context;
  return traced(authentications, context, decide, request);
}
