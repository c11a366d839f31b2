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
  /** How long the call took, in milliseconds. */
  readonly tookMs: number;
}

/** Whether a session that a hook decided about was revoked since then, so that the hook must be asked again. */
export type IsRevoked = (session: Session, askedAt: number) => boolean;

/** Sends a request to the hook and reads the response. Rejects with an AuthError. */
export type CallHook = (request: HookRequest) => Promise<HookDecision>;

/** The responses of a hook that several processes share. */
export interface SharedAnswers {
  /** The response for a request: a shared one, or that of a call, which one process makes while the others wait. */
  find(request: HookRequest, call: CallHook): Promise<HookDecision>;
  /** Calls the hook before a response ends, unless another process does; undefined if it does. */
  refresh(request: HookRequest, call: CallHook): Promise<HookDecision | undefined>;
}

/** What a cache works with beside its bound; all of it may be absent. */
export interface HookCacheParts {
  /** How long after its call a response is kept at most, in milliseconds, whatever it says itself. */
  readonly maxKeepMs?: number;
  readonly isRevoked?: IsRevoked;
  readonly shared?: SharedAnswers | undefined;
  /** A number from 0 to 1, as of `Math.random`. */
  readonly random?: () => number;
}

/** Where the decisions of a hook come from: a call, or a response that is still fresh. Refusals are never kept. */
export interface HookCache {
  get(request: HookRequest, call: CallHook): MaybePromise<Decision>;
  clear(): void;
}

/** When a response is no longer used: at its own end, or so long after its call; 0 if it may not be kept. */
export const keptUntil = ({ keepUntil = 0, askedAt }: HookDecision, maxKeepMs: number): number =>
  Math.min(keepUntil, askedAt + maxKeepMs);

/** Whether the hook has rejected the client, so that what it has said before no longer holds. */
export const isHookRejection = (error: unknown): boolean =>
  isAuthError(error) && error.kind === 'hook-unauthorized';

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
 * Whether a response is to be asked for before it ends. The nearer its end and the longer a call takes, the likelier, so
 * that of many processes about one asks, and no client waits (Vattani et al., Optimal Probabilistic Cache Stampede
 * Prevention, 2015).
 */
const isDue = ({ keepUntil, tookMs }: KeptDecision, now: number, random: number): boolean =>
  now - tookMs * Math.log(random) >= keepUntil;

/**
 * Keeps responses for as long as they allow, and calls the hook once for equal requests at the same time. Requests are
 * equal if the hook would receive the same bytes, so nothing that it does not receive can change what a client gets.
 */
export function hookCache(
  maxEntries: number,
  clock: () => number,
  {
    maxKeepMs = Infinity,
    isRevoked = () => false,
    shared,
    random = Math.random,
  }: HookCacheParts = {},
): HookCache {
  const now = steadyClock(clock); // nothing is kept longer because the clock is set back
  // Without `max`, which would take the room for all entries at once.
  const kept = new LRUCache<string, KeptDecision>({
    maxSize: maxBytes,
    sizeCalculation: ({ length }, key) => overheadBytes + 2 * (key.length + length),
  });
  let inProgress = new Map<string, Promise<HookDecision>>();
  const beingRefreshed = new Set<string>();
  const isOutdated = ({ decision: { session }, askedAt }: HookDecision): boolean =>
    isRevoked(session, askedAt);

  function keep(key: string, decided: HookDecision): void {
    const keepUntil = keptUntil(decided, maxKeepMs);
    if (setsCookies(decided) || now() >= keepUntil || isOutdated(decided)) return;
    kept.set(key, { ...decided, keepUntil });
    if (kept.size > maxEntries) kept.pop();
  }

  function begin(key: string, called: Promise<HookDecision>): Promise<Decision> {
    const calls = inProgress; // `clear` replaces it: a response that comes later is not kept
    calls.set(key, called);
    const ended = (): void => {
      calls.delete(key);
    };
    called.then(ended, ended);
    return called.then((decided) => {
      if (calls === inProgress) keep(key, decided);
      return decided.decision;
    });
  }

  /** No request waits for it. If the call fails, the response that is kept holds until its end. */
  function refresh(key: string, refreshing: Promise<HookDecision | undefined>): void {
    const calls = inProgress;
    beingRefreshed.add(key);
    const ended = (decided?: HookDecision): void => {
      beingRefreshed.delete(key);
      if (decided !== undefined && calls === inProgress) keep(key, decided);
    };
    refreshing.then(ended, (error: unknown) => {
      ended();
      if (isHookRejection(error) && calls === inProgress) kept.delete(key);
    });
  }

  return {
    get(request, call) {
      const key = request.body ?? JSON.stringify(request.headers);
      const fresh = kept.get(key);
      const time = now();
      if (fresh !== undefined && time < fresh.keepUntil && !isOutdated(fresh)) {
        if (shared !== undefined && !beingRefreshed.has(key) && isDue(fresh, time, random()))
          refresh(key, shared.refresh(request, call));
        return fresh.decision;
      }
      kept.delete(key); // or it would be used again when its revocation has ended
      const called = inProgress.get(key);
      if (called === undefined)
        return begin(key, shared === undefined ? call(request) : shared.find(request, call));
      const callAgain = (): Promise<Decision> => call(request).then(decisionOf);
      return called.then(
        (decided) => (setsCookies(decided) || isOutdated(decided) ? callAgain() : decided.decision),
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
