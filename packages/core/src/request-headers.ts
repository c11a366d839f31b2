import { AuthError } from './errors.js';
import type { Members } from './json.js';

/** Headers by name as Node gives them, names in any case. */
export type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is read of the web's `Headers`. */
export interface WebHeaders {
  /** The value of a header by its name in any case; null if it is absent. Several values are joined. */
  get(name: string): string | null;
  /** Calls `visit` for each header. */
  forEach(visit: (value: string, name: string) => void): void;
}

/** The name of a header or cookie, as HTTP allows it (RFC 9110, section 5.6.2; RFC 6265, section 4.1.1). */
export const fieldName: RegExp = /^[!#$%&'*+\-.^_`|~\w]+$/;
/**
 * The value of a header, as HTTP allows it: visible characters, spaces, tabs and bytes beyond ASCII (RFC 9110, section
 * 5.5).
 */
export const fieldValue: RegExp = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers by name, to be filled: without a prototype, so that any name can be a member. */
export function emptyHeaders(): Record<string, string> {
  return Object.create(null) as Record<string, string>; // has no member yet
}

/** Between several values of one header, as Node joins them. */
function separator(name: string): string {
  return name === 'cookie' ? '; ' : ', ';
}

/** A value of another type than HTTP knows is no credential: it reads as empty, which no check accepts. */
export function joined(name: string, value: unknown): string | undefined {
  if (typeof value === 'string' || value === undefined) return value;
  if (value === null) return undefined;
  if (!Array.isArray(value)) return '';
  return value.filter((part) => typeof part === 'string').join(separator(name));
}

/** Headers by names in lower case, and whether a name begins with `x-hasura-`. */
export interface ReadableHeaders {
  readonly headers: Members;
  readonly hasHasura: boolean;
}

/** Whether an object is a literal, of whatever realm, or has no prototype, so that its own members are all there is. */
export function isPlain(object: object): object is Members {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function isWebHeaders(headers: object): headers is WebHeaders {
  const { get, forEach } = headers as Partial<Record<keyof WebHeaders, unknown>>; // checked at once
  return typeof get === 'function' && typeof forEach === 'function';
}

/**
 * Header names known to be in lower case, and whether each begins with `x-hasura-`: looking one up takes half the time of
 * `toLowerCase`, once for each header.
 */
const lowerCaseNames = new Map<string, boolean>();
const mostNames = 200;

/** Whether a name begins with `x-hasura-`; undefined if it is not in lower case. */
function isHasuraName(name: string): boolean | undefined {
  const known = lowerCaseNames.get(name);
  if (known !== undefined) return known;
  if (name !== name.toLowerCase()) return undefined;
  const isHasura = name.startsWith('x-hasura-');
  if (lowerCaseNames.size < mostNames) lowerCaseNames.set(name, isHasura); // clients choose names, too
  return isHasura;
}

/** Header names in their order, and whether one of them begins with `x-hasura-`. */
interface SeenNames {
  readonly names: readonly string[];
  readonly hasHasura: boolean;
}

/**
 * The names of the last request: most clients send the same ones in the same order, and in a busy process to compare with
 * one list takes a fifth of the instructions of looking each name up.
 */
let lastNames: SeenNames = { names: [], hasHasura: false };
const longestKept = 50;

/** Whether the names of a record are those of `lastNames`. */
function haveLastNames(headers: Members): boolean {
  const { names } = lastNames;
  let at = 0;
  for (const name in headers) if (names[at++] !== name) return false;
  return at === names.length;
}

/** Reads names; undefined if they are not in lower case. */
function seenNames(headers: Members): SeenNames | undefined {
  const names: string[] = [];
  let hasHasura = false;
  for (const name in headers) {
    const isHasura = isHasuraName(name);
    if (isHasura === undefined) return undefined;
    if (isHasura) hasHasura = true;
    names.push(name);
  }
  return { names, hasHasura };
}

/** Headers as they are if their names are in lower case; undefined if they are not. */
function asTheyAre(headers: Members): ReadableHeaders | undefined {
  if (haveLastNames(headers)) return { headers, hasHasura: lastNames.hasHasura };
  const seen = seenNames(headers);
  if (seen === undefined) return undefined;
  if (seen.names.length <= longestKept) lastNames = seen;
  return { headers, hasHasura: seen.hasHasura };
}

/** Header names are one name in any case (RFC 9110, section 5.1); values under two spellings are joined. */
function lowerCased(entries: Iterable<readonly [string, unknown]>): ReadableHeaders {
  const record = emptyHeaders();
  for (const [anyCase, value] of entries) {
    const name = anyCase.toLowerCase();
    const added = joined(name, value);
    if (added === undefined) continue;
    const before = record[name];
    record[name] = before === undefined ? added : before + separator(name) + added;
  }
  return { headers: record, hasHasura: true }; // looked up if asked for
}

function webEntries(headers: WebHeaders): [string, string][] {
  const entries: [string, string][] = [];
  headers.forEach((value, name) => entries.push([name, value]));
  return entries;
}

/**
 * Headers of any form as a record of names in lower case. Node's own are used as they are; that their names are looked
 * at takes 0.1 µs for 15 headers, and a middleware may have replaced them.
 */
export function readable(headers: unknown): ReadableHeaders {
  if (typeof headers === 'object' && headers !== null) {
    if (isWebHeaders(headers)) return lowerCased(webEntries(headers));
    if (isPlain(headers)) return asTheyAre(headers) ?? lowerCased(Object.entries(headers));
  }
  // Read as "no headers", a wrong secret in them would count as no credentials at all.
  throw new AuthError('unreadable-headers');
}
