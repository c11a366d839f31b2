import { URL } from 'node:url'; // a test environment such as jsdom replaces the global one by its own
import { distance } from 'fastest-levenshtein';
import { ConfigError } from './errors.js';
import { isRecord, parseJson, type Members } from './json.js';

/** Logs what is questionable in an option, such as `jwtSecret.key`; the message must not quote its value. */
export type Warn = (option: string, problem: string) => void;

/** A non-empty string, or a ConfigError. The value itself is never shown. */
export function nonEmptyString(value: unknown, option: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ConfigError(option, `expected a non-empty string, got ${kindOf(value)}`);
}

/** A list of at least one non-empty string, or a ConfigError. */
export function stringList(value: unknown, option: string): readonly string[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new ConfigError(option, `expected a list with at least one string, got ${kindOf(value)}`);
  // Not by its own map, which leaves the holes of a sparse list unchecked.
  return Array.from(value as unknown[], (item, index) =>
    nonEmptyString(item, `${option}[${String(index)}]`),
  );
}

/** One of a few names; the default if the option is absent. */
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

/**
 * True or false; the default if the option is absent.
 *
 * @example
 * const awaitsKeys = flag(options.awaitKeys, 'awaitKeys', false);
 */
export function flag(value: unknown, option: string, byDefault: boolean): boolean {
  if (value === undefined) return byDefault;
  if (typeof value === 'boolean') return value;
  throw new ConfigError(option, `expected true or false, got ${kindOf(value)}`);
}

/**
 * An integer of at least `least`, or Infinity if `endless`; the default if the option is absent.
 *
 * @example
 * const maxEntries = count(options.maxEntries, 'maxEntries', 1000, { least: 1 });
 */
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

/** A finite number of at least 0, such as 0.5; 0 if the option is absent. */
export function duration(value: unknown, option: string): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  const got = typeof value === 'number' ? String(value) : kindOf(value);
  throw new ConfigError(option, `expected a finite number of at least 0, got ${got}`);
}

/**
 * A function of the app; the default if the option is absent. Anything else is a ConfigError.
 *
 * @example
 * const paramsOfPing = functionOr(options.paramsOfPing, 'paramsOfPing', () => undefined);
 */
export function functionOr<T>(value: T | undefined, option: string, byDefault: T): T {
  if (value === undefined) return byDefault;
  if (typeof value === 'function') return value;
  throw new ConfigError(option, `expected a function, got ${kindOf(value)}`);
}

/** What no address contains (RFC 3986), and templates do. */
const placeholderWithin = /[{}]|\$\(|<%/;

/** An http or https address, or a ConfigError. The address is not shown: it may hold a password. */
export function httpUrl(value: unknown, option: string): string {
  const text = nonEmptyString(value, option);
  if (placeholderWithin.test(text) || isPlaceholder(text))
    throw new ConfigError(
      option,
      'it contains a placeholder that was not filled in, such as ${NAME} or {name}; write the whole address',
    );
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new ConfigError(option, 'expected an address that begins with http:// or https://');
}

/** Names and addresses of this machine: RFC 6761, section 6.3, and RFC 1122, section 3.2.1.3. */
const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL names another machine and is not encrypted on the way there. */
export function isPlainHttpElsewhere(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !loopback.test(hostname);
}

/** The known name that an unknown one was probably meant to be: at most `farthest` letters away, a third of it by default. */
export function nearestName<Name extends string>(
  unknown: string,
  known: readonly Name[],
  farthest: number = Math.max(1, Math.floor(unknown.length / 3)),
): Name | undefined {
  const lower = unknown.toLowerCase();
  return known
    .map((name) => ({ name, far: distance(lower, name.toLowerCase()) }))
    .filter(({ far }) => far <= farthest)
    .sort((a, b) => a.far - b.far)[0]?.name;
}

/** What a wrong value is, in words that reveal nothing of it. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const kind = typeof value;
  return kind === 'object' ? 'an object' : `a ${kind}`;
}

function misspelt(member: string, nearest: string): string {
  return `${JSON.stringify(member)} is unknown; did you mean ${nearest}?`;
}

/**
 * An object with known members only, so that a misspelt name cannot switch a check off.
 *
 * @example
 * const { url } = recordOf(options, ['url', 'timeoutMs'], 'options');
 */
export function recordOf(value: unknown, known: readonly string[], option: string): Members {
  if (!isRecord(value)) throw new ConfigError(option, `expected an object, got ${kindOf(value)}`);
  for (const member of Object.keys(value)) {
    if (known.includes(member)) continue;
    const nearest = nearestName(member, known);
    throw new ConfigError(
      option,
      nearest === undefined
        ? `${JSON.stringify(member)} is unknown; known are ${known.join(', ')}`
        : misspelt(member, nearest),
    );
  }
  return value;
}

/**
 * Checks the members of pasted JSON, which may hold more than is known here: an unknown member is logged as a warning,
 * and a misspelt one is a ConfigError, since it could switch a check off.
 */
export function checkPastedMembers(
  object: Members,
  known: readonly string[],
  {
    option,
    warn,
    otherNames,
  }: {
    readonly option: string;
    readonly warn: Warn;
    /** Members by the names that other libraries have for them. */
    readonly otherNames?: ReadonlyMap<string, string>;
  },
): void {
  for (const member of Object.keys(object)) {
    if (known.includes(member)) continue;
    const nearest = otherNames?.get(member) ?? nearestName(member, known);
    if (nearest !== undefined) throw new ConfigError(option, misspelt(member, nearest));
    warn(option, `the member ${JSON.stringify(member)} is unknown and has no effect`);
  }
}

/** An object without the members that are null: in pasted JSON they are absent, as in the engine. */
export function withoutNulls(object: Members): Members {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

const template =
  /^(?:\$\w+|\$\{\w+(?:[^{}]|\$\{[^{}]*\})*\}|\$\([^()]*\)|\$?\{\{[^]*\}\}|<%[^]*%>|%\w+%)$/;
/** How Azure, 1Password, Vault and SOPS refer to a secret that they hold. */
const reference = /^(?:@Microsoft\.\w+\([^()]*\)|op:\/\/[^]+|vault:[^]+#[^]+|ENC\[[^]*\])$/;

/**
 * Whether a text as a whole is a placeholder that was never filled in: `$NAME`, `${NAME…}`, `$(NAME)`, `{{ … }}`,
 * `<%= … %>` or `%NAME%`, or the reference to a secret in a store, with or without quotes around it.
 */
export function isPlaceholder(text: string): boolean {
  const bare = text.trim().replace(/^(["'])([^]*)\1$/, '$2');
  return template.test(bare) || reference.test(bare);
}

/**
 * The object that an option holds, as itself or as its JSON text, without the members that are null. `insteadOfList` says
 * what to do with a list.
 */
export function objectOrJson(value: unknown, option: string, insteadOfList?: string): Members {
  const object = typeof value === 'string' ? fromJson(value, option) : value;
  if (isRecord(object)) return withoutNulls(object);
  if (typeof value === 'string' && typeof object === 'string')
    throw new ConfigError(
      option,
      'expected a JSON object, and this text is JSON that was encoded twice; remove the outer quotes and the backslashes in it',
    );
  const hint = Array.isArray(object) && insteadOfList !== undefined ? `; ${insteadOfList}` : '';
  throw new ConfigError(
    option,
    `expected an object or its JSON text, got ${kindOf(object)}${hint}`,
  );
}

function fromJson(text: string, option: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // not kept as a cause: a parser's error quotes its input
    throw new ConfigError(
      option,
      isPlaceholder(text)
        ? 'expected a JSON object, got a placeholder that was not filled in'
        : 'expected a JSON object, and this text is not valid JSON; check its quotes and that line breaks in it are written \\n',
    );
  }
}
