import { URL } from 'node:url'; // a test environment such as jsdom replaces the global one by its own
import { distance } from 'fastest-levenshtein';
import { ConfigError } from './errors.js';
import { isRecord } from './json.js';

/** A non-empty string, or a ConfigError. The value itself is never shown. */
export function nonEmptyString(value: unknown, option: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ConfigError(option, `expected a non-empty string, got ${kindOf(value)}`);
}

/** A list of at least one non-empty string, or a ConfigError. */
export function stringList(value: unknown, option: string): readonly string[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new ConfigError(option, `expected a list with at least one string, got ${kindOf(value)}`);
  return value.map((item, index) => nonEmptyString(item, `${option}[${String(index)}]`));
}

/** One of a few names; the default where the option is absent. */
export function oneOf<Name extends string>(
  value: unknown,
  names: readonly Name[],
  option: string,
  byDefault: Name,
): Name {
  if (value === undefined) return byDefault;
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw new ConfigError(option, `expected one of ${names.join(', ')}`);
}

/** True or false; the default where the option is absent. */
export function flag(value: unknown, option: string, byDefault: boolean): boolean {
  if (value === undefined) return byDefault;
  if (typeof value === 'boolean') return value;
  throw new ConfigError(option, `expected true or false, got ${kindOf(value)}`);
}

/** A number of at least `least`, whole unless it may be endless; the default where the option is absent. */
export function count(
  value: unknown,
  option: string,
  byDefault: number,
  { least = 0, endless = false }: { least?: number; endless?: boolean } = {},
): number {
  if (value === undefined) return byDefault;
  if (typeof value === 'number' && value >= least)
    if (Number.isSafeInteger(value) || (endless && value === Infinity)) return value;
  throw new ConfigError(
    option,
    `expected a whole number of at least ${String(least)}${endless ? ' or Infinity' : ''}, got ${kindOf(value)}`,
  );
}

/** A function that stands for a side effect (fetch, clock, timer), or its default where the option is absent. */
export function functionOr<T>(value: T | undefined, option: string, byDefault: T): T {
  if (value === undefined) return byDefault;
  if (typeof value === 'function') return value;
  throw new ConfigError(option, `expected a function, got ${kindOf(value)}`);
}

/** An http or https address, or a ConfigError. The address is not shown: it may hold a password. */
export function httpUrl(value: unknown, option: string): string {
  const text = nonEmptyString(value, option);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new ConfigError(option, 'expected an address that begins with http:// or https://');
}

/** The known name that an unknown one was probably meant to be. */
export function nearestName(unknown: string, known: readonly string[]): string | undefined {
  const lower = unknown.toLowerCase();
  const bound = Math.max(1, Math.floor(unknown.length / 3));
  return known
    .map((name) => ({ name, far: distance(lower, name.toLowerCase()) }))
    .filter(({ far }) => far <= bound)
    .sort((a, b) => a.far - b.far)[0]?.name;
}

/** What a wrong value is, in a word that gives nothing of it away. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value === undefined) return 'undefined';
  const kind = typeof value;
  return kind === 'object' ? 'an object' : `a ${kind}`;
}

/** An object with known members only: a typo must not switch a check off. */
export function recordOf(
  value: unknown,
  known: readonly string[],
  option: string,
): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new ConfigError(option, `expected an object, got ${kindOf(value)}`);
  for (const member of Object.keys(value)) {
    if (known.includes(member)) continue;
    const nearest = nearestName(member, known);
    const hint =
      nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
    throw new ConfigError(option, `${JSON.stringify(member)} is unknown; ${hint}`);
  }
  return value;
}

/** The object that an option holds, as itself or as its JSON text. */
export function objectOrJson(value: unknown, option: string): Readonly<Record<string, unknown>> {
  let object = value;
  if (typeof value === 'string')
    try {
      object = JSON.parse(value);
    } catch {
      throw new ConfigError(
        option,
        'expected a JSON object, and this text is not valid JSON; check its quotes and that line breaks in it are written \\n',
      );
    }
  if (isRecord(object)) return object;
  throw new ConfigError(option, `expected an object or its JSON text, got ${kindOf(object)}`);
}
