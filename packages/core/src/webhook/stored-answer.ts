import { isRecord, parseJson, type Members } from '../json.js';
import {
  decision,
  gatherVariables,
  isSessionVariable,
  type GatheredVariables,
} from '../session.js';
import type { HookDecision } from './cache.js';

/** What a store holds for a request: a decision, or that there is none to share. */
export type StoredAnswer =
  | { readonly kind: 'decision'; readonly decided: HookDecision & { readonly keepUntil: number } }
  | { readonly kind: 'unshared' };

/** The text that says that a response may not be shared. */
export const unsharedText: string = JSON.stringify({ unshared: true });

/** A decision without cookies, as text. */
export function storedText({ decision: { session }, ...times }: HookDecision): string {
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
export function readStored(text: string): StoredAnswer | undefined {
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
