import type { JsonValue } from './session.js';

/** Whether a value is an object with members: neither null nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON value's type by the word that the engine's error messages use. */
export function jsonType(value: unknown): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'Array';
  switch (typeof value) {
    case 'string':
      return 'String';
    case 'number':
      return 'Number';
    case 'boolean':
      return 'Boolean';
    default:
      return 'Object';
  }
}

/** Freezes JSON to its depth, without recursion: how deep it goes is up to whoever wrote it. */
export function deepFreeze<T extends JsonValue | Readonly<Record<string, unknown>>>(root: T): T {
  const open: object[] = typeof root === 'object' && root !== null ? [root] : [];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    Object.freeze(value);
    for (const member of Object.values(value) as unknown[])
      if (typeof member === 'object' && member !== null) open.push(member);
  }
  return root;
}
