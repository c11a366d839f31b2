/**
 * What JSON of a key set may hold, since parsing depends on that more than on its length: 1 MiB of empty objects or of
 * nested lists takes `JSON.parse` hundreds of milliseconds, in which the event loop stands still.
 */
export interface JsonBounds {
  /** How deep lists and objects are nested. */
  readonly depth: number;
  /** How many members an object has. */
  readonly members: number;
  /** How many lists and objects there are. */
  readonly containers: number;
  /** How many values there are in all; an empty list or object counts twice. */
  readonly values: number;
}

/** Bounds for a key set of so many bytes, which one of the smallest real keys, one after another, stays within. */
export function keySetBounds(maxBytes: number): JsonBounds {
  return { depth: 16, members: 2000, containers: maxBytes / 32, values: maxBytes / 16 };
}

/** Where a string ends whose opening quote is at `start`: the place of its closing quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/**
 * Whether JSON stays within bounds, by its punctuation outside strings; what is no JSON may give either result. Takes
 * about 5 ms for 1 MiB, and stops at the first bound that is exceeded.
 */
export function isWithin(bounds: JsonBounds, text: string): boolean {
  const members = [0];
  let containers = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case '[':
      case '{':
        containers += 1;
        values += 1;
        members.push(0);
        break;
      case ']':
      case '}':
        members.pop();
        break;
      case ':': {
        const count = (members.pop() ?? 0) + 1;
        if (count > bounds.members) return false;
        members.push(count);
        break;
      }
      case ',':
        values += 1;
        break;
      default:
        continue;
    }
    if (values > bounds.values || containers > bounds.containers) return false;
    if (members.length - 1 > bounds.depth) return false;
  }
  return true;
}
