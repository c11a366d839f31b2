import { isRecord, jsonType } from '../json.js';
import {
  gatherVariables,
  isSessionVariable,
  type GatheredVariables,
} from '../session-variables.js';
import { hookExpiry, type HookExpiry } from './hook-expiry.js';

/** What a hook says of a request, read strictly. Not every hook says a role. */
export interface HookAnswer {
  readonly kind: 'answer';
  readonly role: string | undefined;
  /** The session variables, for one session. */
  readonly variables: GatheredVariables;
  readonly expiry: HookExpiry;
}

/** Why an answer cannot be read, in words that hold no value of it. */
export interface UnreadableAnswer {
  readonly kind: 'unreadable';
  readonly problem: string;
}

const unreadable = (problem: string): UnreadableAnswer => ({ kind: 'unreadable', problem });

/** Reads what a hook answered with status 200: an object whose members are all strings, as the engine demands. */
export function readHookAnswer(value: unknown, now: number): HookAnswer | UnreadableAnswer {
  if (!isRecord(value)) return unreadable(`JSON, but of type ${jsonType(value)}, not Object`);
  const variables = new Map<string, string>();
  const lifetime = new Map<string, string>();
  for (const [anyCase, member] of Object.entries(value)) {
    const name = anyCase.toLowerCase();
    if (typeof member !== 'string')
      return unreadable(
        `its member ${JSON.stringify(name)} is of type ${jsonType(member)}, not String`,
      );
    const known = isSessionVariable(name) ? variables : lifetime;
    if (known.has(name))
      return unreadable(`its member ${JSON.stringify(name)} is there in two spellings`);
    known.set(name, member);
  }
  const expiry = hookExpiry(lifetime.get('cache-control'), lifetime.get('expires'), now);
  return {
    kind: 'answer',
    role: variables.get('x-hasura-role') || undefined,
    variables: gatherVariables(variables),
    expiry,
  };
}

/** The same from the answer's text. A parser's own error is not passed on: it quotes its input. */
export function parseHookAnswer(text: string, now: number): HookAnswer | UnreadableAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(text === '' ? 'an empty body' : 'no JSON');
  }
  return readHookAnswer(value, now);
}
