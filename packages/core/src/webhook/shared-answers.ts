import { withDeadline } from '../http-request.js';
import { isRecord, parseJson, type Members } from '../json.js';
import { longestTimerMs, steadyClock, type Runtime } from '../runtime.js';
import {
  decision,
  gatherVariables,
  isSessionVariable,
  type GatheredVariables,
} from '../session.js';
import {
  isHookRejection,
  keptUntil,
  type CallHook,
  type HookCacheParts,
  type HookDecision,
  type SharedAnswers,
} from './cache.js';
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
      decision: decision({ role, variables, method: 'webhook', expiresAt }, undefined, askedAt),
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
/** The shortest and the longest time for which a request waits for what another process asks the hook, in milliseconds. */
const leastWaitMs = 100;
const longestWaitMs = 1000;
/** For how long processes remember that a response may not be shared, so that none waits for it, in milliseconds. */
const unsharedMs = 2000;

/** The members of the configuration on which a response depends, beside the request. */
type AnswerConfig = Pick<HookConfig, 'url' | 'mode' | 'timeoutMs'>;

/**
 * Shares the responses of a hook through a store. What is sent to the hook decides which response is shared, so nothing
 * that it does not receive can change what a client gets. If the store fails, the hook is called as without one.
 */
export function sharedAnswers(
  store: HookAnswerStore,
  { url, mode, timeoutMs }: AnswerConfig,
  { now: clock, setTimeout }: Pick<Runtime, 'now' | 'setTimeout'>,
  { maxKeepMs, isRevoked }: Required<Pick<HookCacheParts, 'maxKeepMs' | 'isRevoked'>>,
): SharedAnswers {
  const now = steadyClock(clock);
  /** How long a call usually takes, in milliseconds; undefined before the first one. */
  let usualMs: number | undefined;
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

  /** False if the store did not take a text. No store can count the milliseconds of an endless `max-age`. */
  const isSaved = async (key: string, text: string, ms: number): Promise<boolean> => {
    const saved = await fromStore(() => store.set(key, text, Math.min(ms, longestTimerMs)));
    return saved !== undefined;
  };
  const saveUnshared = (key: string): Promise<boolean> => isSaved(key, unsharedText, unsharedMs);

  function usable(text: unknown): StoredAnswer | undefined {
    const stored = typeof text === 'string' ? readStored(text) : undefined;
    if (stored?.kind !== 'decision') return stored;
    const { decision, askedAt } = stored.decided;
    return now() < keptUntil(stored.decided, maxKeepMs) && !isRevoked(decision.session, askedAt)
      ? stored
      : undefined;
  }

  /** A cookie is for the one client that it was set for, and a response without an end is for one request. */
  async function save(key: string, decided: HookDecision): Promise<void> {
    const ms = keptUntil(decided, maxKeepMs) - now();
    const maySave = decided.decision.headers.length === 0 && ms > 0;
    if (!maySave || !(await isSaved(key, storedText(decided), ms))) await saveUnshared(key);
  }

  /** Ends the lock without a new response. What is shared still holds, unless the hook has rejected the client. */
  async function release(key: string, error?: unknown): Promise<void> {
    const found = isHookRejection(error) ? undefined : await fromStore(() => store.get(key));
    const text = found?.value;
    const stored = usable(text);
    if (text === undefined || stored?.kind !== 'decision') await saveUnshared(key);
    else await isSaved(key, text, keptUntil(stored.decided, maxKeepMs) - now());
  }

  /** Calls the hook as the one process that does, and saves its response for the others, for which no request waits. */
  async function ask(key: string, request: HookRequest, call: CallHook): Promise<HookDecision> {
    try {
      const decided = await call(request);
      const { tookMs } = decided;
      usualMs = usualMs === undefined ? tookMs : usualMs + (tookMs - usualMs) / 8;
      void fromStore(() => save(key, decided));
      return decided;
    } catch (error) {
      void fromStore(() => release(key, error));
      throw error;
    }
  }

  /** The same with the lock, unless another process has had it and saved a response since it was looked for. */
  async function askOnce(key: string, request: HookRequest, call: CallHook): Promise<HookDecision> {
    const saved = await fromStore(() => store.get(key));
    const stored = usable(saved?.value);
    if (stored?.kind !== 'decision') return ask(key, request, call);
    void fromStore(() => release(key));
    return stored.decided;
  }

  /** Twice what a call usually takes: a process that has died, or lost its contact to the store, holds no other one up. */
  const waitMs = (): number =>
    Math.min(longestWaitMs, timeoutMs, Math.max(leastWaitMs, 2 * (usualMs ?? longestWaitMs)));

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    });

  return {
    async find(request, call) {
      const key = keyOf(request);
      const latest = now() + waitMs();
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
        const found = await fromStore(() => store.get(key));
        if (found === undefined) return call(request);
        const stored = usable(found.value);
        if (stored?.kind === 'decision') return stored.decided;
        if (stored?.kind === 'unshared') return call(request);
        if (now() >= latest) return ask(key, request, call);
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
