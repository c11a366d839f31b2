import { LRUCache } from 'lru-cache';
import { isAuthError } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import { steadyClock } from '../runtime.js';
import type { Decision, Session } from '../session.js';
import type { HookRequest } from './request.js';

/** The decision that a hook's response contains, and how long it may be kept. */
export interface HookDecision {
  readonly decision: Decision;
  /** In milliseconds since the epoch; undefined if the response may not be kept. */
  readonly keepUntil: number | undefined;
  /** The length of the response, in characters. */
  readonly length: number;
  /** When the hook was called, in milliseconds since the epoch. */
  readonly askedAt: number;
}

/** Whether a session that a hook decided about was revoked since then, so that the hook must be asked again. */
export type IsRevoked = (session: Session, askedAt: number) => boolean;

/** Sends a request to the hook and reads the response. Rejects with an AuthError. */
export type CallHook = (request: HookRequest) => Promise<HookDecision>;

/** Where the decisions of a hook come from: a call, or a response that is still fresh. Refusals are never kept. */
export interface HookCache {
  get(request: HookRequest, call: CallHook): MaybePromise<Decision>;
  clear(): void;
}

const decisionOf = ({ decision }: HookDecision): Decision => decision;

/** Keeps nothing and shares nothing: every request calls the hook. */
export const noHookCache: HookCache = {
  get: (request, call) => call(request).then(decisionOf),
  clear: () => undefined,
};

/** How much memory all kept responses may take together, in bytes, as estimated from their length. */
const maxBytes = 33_554_432;
/** What one entry takes beside its texts, about: the session and the entry itself. */
const overheadBytes = 1200;

interface KeptDecision extends HookDecision {
  readonly keepUntil: number;
}

/** A cookie is for the one client that it was set for. */
const setsCookies = ({ decision }: HookDecision): boolean => decision.headers.length > 0;
const isRefusalWithCookies = (error: unknown): boolean =>
  isAuthError(error) && error.headers['Set-Cookie'] !== undefined;

/**
 * Keeps responses for as long as they allow, and calls the hook once for equal requests at the same time. Requests are
 * equal if the hook would receive the same bytes, so nothing that it does not receive can change what a client gets.
 */
export function hookCache(
  maxEntries: number,
  clock: () => number,
  isRevoked: IsRevoked = () => false,
): HookCache {
  const now = steadyClock(clock); // nothing is kept longer because the clock is set back
  const kept = new LRUCache<string, KeptDecision>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: ({ length }, key) => overheadBytes + 2 * (key.length + length),
  });
  let inProgress = new Map<string, Promise<HookDecision>>();
  const isOutdated = ({ decision: { session }, askedAt }: HookDecision): boolean =>
    isRevoked(session, askedAt);

  function begin(key: string, called: Promise<HookDecision>): Promise<Decision> {
    const calls = inProgress; // `clear` replaces it: a response that comes later is not kept
    calls.set(key, called);
    const ended = (): void => {
      calls.delete(key);
    };
    called.then(ended, ended);
    return called.then((decided) => {
      const { keepUntil = 0 } = decided;
      if (calls === inProgress && !setsCookies(decided) && now() < keepUntil)
        kept.set(key, { ...decided, keepUntil });
      return decided.decision;
    });
  }

  return {
    get(request, call) {
      const key = request.body ?? JSON.stringify(request.headers);
      const fresh = kept.get(key);
      if (fresh !== undefined && now() < fresh.keepUntil && !isOutdated(fresh))
        return fresh.decision;
      const called = inProgress.get(key);
      if (called === undefined) return begin(key, call(request));
      const callAgain = (): Promise<Decision> => call(request).then(decisionOf);
      return called.then(
        (shared) => (setsCookies(shared) || isOutdated(shared) ? callAgain() : shared.decision),
        (error: unknown) => {
          if (isRefusalWithCookies(error)) return callAgain();
          throw error;
        },
      );
    },
    clear() {
      kept.clear();
      inProgress = new Map();
    },
  };
}
