import { keyMember, privatePem } from './keys.js';

/** What a vector file may hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: Json;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Directive = (argument: Json, now: number) => unknown;

function text(value: Json): string {
  if (typeof value !== 'string') throw new Error(`Expected a text, found ${JSON.stringify(value)}`);
  return value;
}

function offset(value: Json): number {
  if (typeof value !== 'number')
    throw new Error(`Expected a number, found ${JSON.stringify(value)}`);
  return value;
}

const directives: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['$key', (path) => keyMember(text(path))],
  ['$privatePem', (path) => privatePem(text(path))],
  ['$json', (value, now) => JSON.stringify(resolve(value, now))],
  ['$now', (seconds, now) => Math.floor(now / 1000) + offset(seconds)],
  ['$nowMs', (ms, now) => Math.floor(now / 1000) * 1000 + offset(ms)],
  ['$repeat', (value) => repeated(value)],
  ['$join', (parts, now) => (resolve(parts, now) as readonly string[]).join('')],
]);

function repeated(value: Json): string {
  const [part = null, times = null] = Array.isArray(value) ? (value as readonly Json[]) : [];
  return text(part).repeat(offset(times));
}

/** Replaces every `{"$key": …}`, `{"$json": …}`, `{"$now": …}` of a row by what it stands for. */
export function resolve(value: Json, now: number): unknown {
  if (Array.isArray(value)) return (value as readonly Json[]).map((part) => resolve(part, now));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value);
  const [first] = members;
  const directive = members.length === 1 && first ? directives.get(first[0]) : undefined;
  if (directive && first) return directive(first[1], now);
  // fromEntries defines members, so that a row's own "__proto__" stays one
  return Object.fromEntries(members.map(([name, member]) => [name, resolve(member, now)]));
}
