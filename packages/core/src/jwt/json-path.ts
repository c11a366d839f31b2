/** A parsed path: member names and array indexes from the root. The empty path is the root itself. */
export type JsonPath = readonly (string | number)[];

const name = /[\p{L}_][\p{L}0-9_-]*/uy;
const index = /\[([0-9]+)\]/y;
const doubleQuoted = /\["((?:[^"\\]|\\[^])*)"\]/y;
const singleQuoted = /\['((?:[^'\\]|\\[^])*)'\]/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Reads a quoted member with JSON's escapes; in single quotes `\'` is the quote and `"` needs no escape. */
function unquote(body: string, single: boolean): string | undefined {
  const json = single
    ? body.replace(/\\([^])|"/g, (all, escaped: string | undefined) =>
        all === '"' ? '\\"' : escaped === "'" ? "'" : all,
      )
    : body;
  try {
    return JSON.parse(`"${json}"`) as string; // a quoted text, if it is JSON at all
  } catch {
    return undefined;
  }
}

interface Step {
  readonly member: string | number;
  readonly end: number;
}

function bracketAt(text: string, at: number): Step | undefined {
  const number = matchAt(index, text, at);
  if (number?.[1] !== undefined) {
    const member = Number(number[1]);
    return Number.isSafeInteger(member) ? { member, end: at + number[0].length } : undefined;
  }
  const double = matchAt(doubleQuoted, text, at);
  const quoted = double ?? matchAt(singleQuoted, text, at);
  if (quoted?.[1] === undefined) return undefined;
  const member = unquote(quoted[1], double === null);
  return member === undefined ? undefined : { member, end: at + quoted[0].length };
}

/** A dot before a name or a bracket is optional everywhere, as in the engine. */
function stepAt(text: string, at: number): Step | undefined {
  const from = text[at] === '.' ? at + 1 : at;
  if (text[from] === '[') return bracketAt(text, from);
  const found = matchAt(name, text, from);
  return found === null ? undefined : { member: found[0], end: from + found[0].length };
}

/**
 * Parses the engine's JSON path dialect: `$` alone is the root; otherwise an optional `$`, then one or more of `name`,
 * `.name`, `[0]`, `["any"]`, `['any']`, each bracket with an optional dot before it. Undefined if the text is anything
 * else: there are no wildcards, filters, slices or recursion.
 *
 * @example
 * parseJsonPath('$.realm["https://a.example"][0]'); // ['realm', 'https://a.example', 0]
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (text === '$') return [];
  const rooted = text.startsWith('$');
  let at = rooted ? 1 : 0;
  const path: (string | number)[] = [];
  while (at < text.length) {
    const step = stepAt(text, at);
    if (step === undefined) return undefined;
    path.push(step.member);
    at = step.end;
  }
  return path.length === 0 ? undefined : path;
}

const plainName = /^[\p{L}_][\p{L}0-9_-]*$/u;

/**
 * A path as the engine's messages show it (`encodeJSONPath`), whatever it was written like in the configuration: `$`, then
 * `.name` for what can be written so, `["…"]` with JSON's escapes for any other name, and `[0]` for an index.
 *
 * @example
 * showJsonPath(['realm', 'https://a.example', 0]); // $.realm["https://a.example"][0]
 */
export function showJsonPath(path: JsonPath): string {
  const steps = path.map((member) => {
    if (typeof member === 'number') return `[${String(member)}]`;
    return plainName.test(member) ? `.${member}` : `[${JSON.stringify(member)}]`;
  });
  return `$${steps.join('')}`;
}

/**
 * The value at a path; undefined if there is none. Reads own members of objects and indexes of arrays only, so that
 * `constructor`, `__proto__` and `length` are found only if the JSON has such a member. `null` is a value.
 */
export function readJsonPath(root: unknown, path: JsonPath): unknown {
  let value = root;
  for (const member of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) !== (typeof member === 'number')) return undefined;
    if (!Object.hasOwn(value, member)) return undefined;
    value = (value as Record<string | number, unknown>)[member]; // an own member, as just checked
  }
  return value;
}
