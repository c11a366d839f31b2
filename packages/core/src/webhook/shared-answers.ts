import { withDeadline } from '../http-request.js';
import { isRecord, parseJson, type Members } from '../json.js';
import { longestTimerMs, steadyClock, type Runtime } from '../runtime.js';
import {
  decision,
  gatherVariables,
  isSessionVariable,
  type GatheredVariables,
} from '../session.js';
import type { CallHook, HookDecision, IsRevoked, SharedAnswers } from './cache.js';
import type { HookAnswerStore, HookConfig } from './options.js';
import type { HookRequest } from './request.js';

/** What a store holds for a request: a decision, or that there is none to share. */
type StoredAnswer =
  | { readonly kind: 'decision'; readonly decided: HookDecision & { readonly keepUntil: number } }
  | { readonly kind: 'unshared' };

/** The text that says that a response may not be shared. */
const unsharedText: string = JSON.stringify({ unshared: true });

/** A decision without cookies, as text. */
function storedText({ decision: { session }, ...times }: HookDecision): string {
  const { role, sessionVariables, expiresAt } = session;
  return JSON.stringify({ role, variables: sessionVariables, expiresAt, ...times });
}

function parsed(text: string): Members {
  try {
    const value = parseJson(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

const time = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

function variablesOf(value: unknown): GatheredVariables | undefined {
  if (!isRecord(value)) return undefined;
  const texts = new Map<string, string>();
  for (const [name, text] of Object.entries(value)) {
    if (!isSessionVariable(name) || typeof text !== 'string') return undefined;
    texts.set(name, text);
  }
  return gatherVariables(texts);
}

/** Reads what a store holds, which comes from outside; undefined if it is malformed. */
function readStored(text: string): StoredAnswer | undefined {
  const value = parsed(text);
  if (value['unshared'] === true) return { kind: 'unshared' };
  const { role } = value;
  const variables = variablesOf(value['variables']);
  const keepUntil = time(value['keepUntil']);
  const expiresAt = time(value['expiresAt']);
  const length = time(value['length']);
  const askedAt = time(value['askedAt']);
  const tookMs = time(value['tookMs']);
  if (typeof role !== 'string' || role === '' || variables === undefined) return undefined;
  if (keepUntil === undefined || expiresAt === undefined) return undefined; // each has both: one is made of the other
  if (length === undefined || askedAt === undefined || tookMs === undefined) return undefined;
  return {
    kind: 'decision',
    decided: {
      decision: decision({ role, variables, method: 'webhook', expiresAt }),
      keepUntil,
      length,
      askedAt,
      tookMs,
    },
  };
}

/** How long a store may take for one answer, in milliseconds; no request waits longer for it. */
const longestStoreMs = 1000;
/** The first and the longest pause before the store is asked again for what another process asks the hook, in milliseconds. */
const firstPauseMs = 10;
const longestPauseMs = 100;
/** For how long processes remember that a response may not be shared, so that none waits for it, in milliseconds. */
const unsharedMs = 2000;

/** The members of the configuration on which a response depends, beside the request. */
type AnswerConfig = Pick<HookConfig, 'url' | 'mode' | 'timeoutMs'>;

/** A cookie is for the one client that it was set for, and a response without an end is for one request. */
const maySave = ({ decision, keepUntil = 0 }: HookDecision, now: number): boolean =>
  decision.headers.length === 0 && now < keepUntil;

/**
 * Shares the responses of a hook through a store. What is sent to the hook decides which response is shared, so nothing
 * that it does not receive can change what a client gets. If the store fails, the hook is called as without one.
 */
export function sharedAnswers(
  store: HookAnswerStore,
  { url, mode, timeoutMs }: AnswerConfig,
  { now: clock, setTimeout }: Pick<Runtime, 'now' | 'setTimeout'>,
  isRevoked: IsRevoked,
): SharedAnswers {
  const now = steadyClock(clock);
  const keyOf = ({ headers, body }: HookRequest): string =>
    JSON.stringify([url, mode, body ?? headers]);

  /** Undefined if the store fails or takes too long. */
  const fromStore = async <T>(
    ask: () => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> => {
    try {
      return { value: await withDeadline(longestStoreMs, setTimeout, async () => ask()) };
    } catch {
      return undefined; // the store reports it
    }
  };

  /** A request does not wait until its response is saved. No store can count the milliseconds of an endless `max-age`. */
  const save = (key: string, text: string, ms: number): void => {
    void fromStore(() => store.set(key, text, Math.min(ms, longestTimerMs)));
  };

  function usable(text: unknown): StoredAnswer | undefined {
    const stored = typeof text === 'string' ? readStored(text) : undefined;
    if (stored?.kind !== 'decision') return stored;
    const { keepUntil, decision, askedAt } = stored.decided;
    return now() < keepUntil && !isRevoked(decision.session, askedAt) ? stored : undefined;
  }

  /** Calls the hook as the one process that does, and saves its response for the others. */
  async function ask(key: string, request: HookRequest, call: CallHook): Promise<HookDecision> {
    const decided = await call(request);
    const time = now();
    const { keepUntil = 0 } = decided;
    if (maySave(decided, time)) save(key, storedText(decided), keepUntil - time);
    else save(key, unsharedText, unsharedMs);
    return decided;
  }

  /** The same with the lock, unless another process has had it and saved a response since it was looked for. */
  async function askOnce(key: string, request: HookRequest, call: CallHook): Promise<HookDecision> {
    const saved = await fromStore(() => store.get(key));
    const stored = usable(saved?.value);
    if (stored?.kind === 'decision') return stored.decided;
    return ask(key, request, call).catch((error: unknown) => {
      save(key, unsharedText, unsharedMs); // the others need not wait
      throw error;
    });
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    });

  return {
    async find(request, call) {
      const key = keyOf(request);
      const latest = now() + timeoutMs;
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
        const found = await fromStore(() => store.get(key));
        if (found === undefined) return call(request);
        const stored = usable(found.value);
        if (stored?.kind === 'decision') return stored.decided;
        if (stored?.kind === 'unshared' || now() >= latest) return call(request);
        const locked = await fromStore(() => store.lock(key, timeoutMs));
        if (locked === undefined) return call(request);
        if (locked.value === true) return askOnce(key, request, call);
        await pause(pauseMs);
      }
    },
    async refresh(request, call) {
      const key = keyOf(request);
      const locked = await fromStore(() => store.lock(key, timeoutMs));
      return locked?.value === true ? ask(key, request, call) : undefined;
    },
  };
}
