import { LRUCache } from 'lru-cache';
import type { MaybePromise } from '../maybe-promise.js';
import type { Decision } from '../session.js';
import type { HookCall } from './request.js';

/** What a hook decided, and how long that may be kept. */
export interface HookVerdict {
  readonly decision: Decision;
  /** In milliseconds since the epoch; undefined where the answer may not be kept. */
  readonly keepUntil: number | undefined;
  /** How long the answer was, in characters. */
  readonly length: number;
}

/** Where a hook's answers come from: the hook, or one of its answers that still holds. Refusals are never kept. */
export interface HookAnswers {
  get(call: HookCall, ask: (call: HookCall) => Promise<HookVerdict>): MaybePromise<Decision>;
  clear(): void;
}

const decisionOf = ({ decision }: HookVerdict): Decision => decision;

/** Nothing is kept and nothing shared: every request asks the hook. */
export const noHookAnswers: HookAnswers = {
  get: (call, ask) => ask(call).then(decisionOf),
  clear: () => undefined,
};

/** What all kept answers may take together, in bytes, as estimated from their length. */
const maxBytes = 33_554_432;
/** What one entry holds beside the texts, roughly: the session, the bookkeeping. */
const overheadBytes = 1200;

interface KeptAnswer extends HookVerdict {
  readonly keepUntil: number;
}

/** A cookie is for the one client that it was set for. */
const isPersonal = ({ decision }: HookVerdict): boolean => decision.headers.length > 0;

/**
 * Keeps answers as long as they say, and asks once for equal calls under way. Calls are equal where the hook is told the
 * same: it is told nothing but what decides, so nothing else can change what a client gets from here.
 */
export function hookAnswers(maxEntries: number, now: () => number): HookAnswers {
  const kept = new LRUCache<string, KeptAnswer>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: ({ length }, key) => overheadBytes + 2 * (key.length + length),
  });
  let underWay = new Map<string, Promise<HookVerdict>>();

  function begin(key: string, call: Promise<HookVerdict>): Promise<Decision> {
    const calls = underWay; // another one after `clear`, which the answer then came too late for
    calls.set(key, call);
    const ended = (): void => {
      calls.delete(key);
    };
    call.then(ended, ended);
    return call.then((verdict) => {
      const { keepUntil = 0 } = verdict;
      if (calls === underWay && !isPersonal(verdict) && now() < keepUntil)
        kept.set(key, { ...verdict, keepUntil });
      return verdict.decision;
    });
  }

  return {
    get(call, ask) {
      const key = call.body ?? JSON.stringify(call.headers);
      const answer = kept.get(key);
      if (answer !== undefined && now() < answer.keepUntil) return answer.decision;
      const asked = underWay.get(key);
      if (asked === undefined) return begin(key, ask(call));
      return asked.then((shared) =>
        isPersonal(shared) ? ask(call).then(decisionOf) : shared.decision,
      );
    },
    clear() {
      kept.clear();
      underWay = new Map();
    },
  };
}
