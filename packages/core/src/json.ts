/** An object's members by name, their values of any type. */
export type Members = Readonly<Record<string, unknown>>;

/** Whether a value is an object with members: neither null nor a list. */
export function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON text; a byte order mark before it, which editors leave in files, is ignored. Throws as JSON.parse does. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
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

/** A value of the wrong type, in the words of the engine's JSON library; never the value itself. */
export function encountered(parser: string, expected: string, value: unknown): string {
  return `parsing ${parser} failed, expected ${expected}, but encountered ${jsonType(value)}`;
}

function freezeMember(member: unknown, levels: number): boolean {
  return typeof member !== 'object' || member === null || deepFreeze(member, levels - 1);
}

/**
 * Freezes parsed JSON to its depth. False, with a part of it not frozen, if lists and objects are nested in it deeper than
 * so many levels: thousands of them would overflow the stack, also that of `JSON.stringify` in a handler.
 */
export function deepFreeze(value: object, levels: number): boolean {
  if (levels < 0) return false;
  // Lists and records are gone through apart: one loop for both takes three times as long.
  if (Array.isArray(value)) {
    for (const member of value) if (!freezeMember(member, levels)) return false;
  } else
    for (const name in value) if (!freezeMember((value as Members)[name], levels)) return false;
  Object.freeze(value);
  return true;
}

/**
 * What V8 takes for an object or list, for a member of a record with its name, and for one of a list, at worst: names that
 * no other token has take 100 bytes, known ones 8 (`pnpm bench memory`).
 */
const objectBytes = 72;
const namedBytes = 100;
const listedBytes = 32;

/** About how much memory parsed JSON takes, in bytes; rather too much than too little. */
export function bytesOfJson(root: Members): number {
  const open: object[] = [root];
  let bytes = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    bytes += objectBytes;
    const memberBytes = Array.isArray(value) ? listedBytes : namedBytes;
    for (const member of Object.values(value) as unknown[]) {
      bytes += memberBytes;
      if (typeof member === 'string')
        bytes += 2 * member.length; // a text beyond Latin-1 takes two bytes a character
      else if (typeof member === 'object' && member !== null) open.push(member);
    }
  }
  return bytes;
}
