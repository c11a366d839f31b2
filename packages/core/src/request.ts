import { AuthError } from './errors.js';
import type { DecisionFact, FactObserver } from './facts.js';
import { isPlain, type Members } from './json.js';
import { callHarmlessly } from './runtime.js';

/** Headers by name as Node gives them, names in any case. */
export type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is read of the web's `Headers`. */
export interface WebHeaders {
  /** The value of a header by its name in any case; null if it is absent. Several values are joined. */
  get(name: string): string | null;
  /** Calls `visit` for each header. */
  forEach(visit: (value: string, name: string) => void): void;
}

/** What is read of a request. Express's `req`, Koa's `ctx.request` and Fastify's `request` fit as they are. */
export interface AuthRequest {
  /** Node's `IncomingHttpHeaders`, or the web's `Headers`; names in any case. */
  readonly headers: HeaderRecord | WebHeaders;
  /** The parsed body, if a body parser ran. Only a webhook in POST mode reads it. */
  readonly body?: unknown;
  /**
   * The HTTP method. Only a webhook in POST mode reads it: whether the GraphQL request is in the body or the address.
   */
  readonly method?: string | undefined;
  /** The path and query. Only a webhook in POST mode reads it, for GraphQL requests by GET. */
  readonly url?: string | undefined;
  /**
   * The headers as Node received them: names, spelt as the client wrote them, and values in turn. Only a webhook in POST
   * mode reads them, for the names that it is sent. Default: those of `raw` or `req`, or else names in lower case.
   */
  readonly rawHeaders?: readonly string[] | undefined;
  /** Node's own request, if a framework has wrapped it under this name. */
  readonly raw?: NodeMessage | undefined;
  /** The same under another name. */
  readonly req?: NodeMessage | undefined;
}

/** What is read of Node's own request. */
export interface NodeMessage {
  readonly rawHeaders?: readonly string[] | undefined;
}

/** One step of a decision, passed to an observer as it happens. Holds no secret, no token and no claim. */
export interface DecisionStep {
  /** Which step was taken. */
  readonly step: DecisionFact['step'];
  /** What came out, in words of the field. */
  readonly outcome: string;
}

/** Watches one decision. Absent, it costs a comparison with undefined; what it throws is ignored. */
export type StepObserver = (step: DecisionStep) => void;

/** What the methods note for the event of a decision, if somebody subscribes to it. */
export interface DecisionTrace {
  /** Whether something kept from an earlier request was used; undefined if nothing can be kept. */
  fromCache: boolean | undefined;
}

/** The name of one of Hasura's own headers, in lower case. */
export type HasuraHeader = `x-hasura-${string}`;

/** A request as the methods see it: headers by lower-case name, empty values distinguished from absent ones. */
export interface RequestView {
  readonly source: AuthRequest;
  /** Gets what each step reports; undefined if nobody asks. */
  readonly observe: FactObserver | undefined;
  /** Absent, it costs a comparison with undefined. */
  trace?: DecisionTrace | undefined;
  /** The value of a header by its lower-case name, as text; several values are joined as Node joins them. */
  header(lowerCaseName: string): string | undefined;
  /** The same for a name that begins with `x-hasura-`; takes no time if the request has no such header. */
  hasuraHeader(lowerCaseName: HasuraHeader): string | undefined;
  /**
   * The value of a header as it came, a character for each byte; undefined if it is absent or no text. It takes a tenth of
   * the time of `header`, and is only for a comparison with a text that was read before.
   */
  unread(lowerCaseName: string): string | undefined;
  /** Every header, names in lower case, values as text. */
  headers(): Iterable<readonly [lowerCaseName: string, value: string]>;
  /** The same request with values as they came, a character for each byte, to be put into another request's headers. */
  asSent(): RequestView;
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
function joined(name: string, value: unknown): string | undefined {
  if (typeof value === 'string' || value === undefined) return value;
  if (value === null) return undefined;
  if (!Array.isArray(value)) return '';
  return value.filter((part) => typeof part === 'string').join(separator(name));
}

/** What Node and the web's `Headers` give: a character for each byte. */
const latin1 = /^[\0-\xff]*$/;

/**
 * The text of a header value. Its bytes are UTF-8, as the engine reads them; Node gives them as Latin-1. Bytes that are
 * no UTF-8 become U+FFFD. A value with other characters never came through HTTP, so it is text already.
 */
function decoded(value: string): string {
  // Counting bytes takes a twentieth of the time that a regular expression needs to go through a token.
  if (Buffer.byteLength(value) === value.length || !latin1.test(value)) return value;
  return Buffer.from(value, 'latin1').toString();
}

/** Text as a header carries it, a character for each byte of its UTF-8: the inverse of what reading a request does. */
export function encodedHeader(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
}

/** Headers by names in lower case, and whether a name begins with `x-hasura-`. */
interface ReadableHeaders {
  readonly headers: Members;
  readonly hasHasura: boolean;
}

/** Headers by names in lower case. */
class LowerCaseRequest implements RequestView {
  readonly #headers: Members;
  readonly #hasHasura: boolean;
  readonly #decode: (value: string) => string;
  trace: DecisionTrace | undefined = undefined;

  constructor(
    { headers, hasHasura }: ReadableHeaders,
    readonly source: AuthRequest,
    readonly observe: FactObserver | undefined,
    decode: (value: string) => string = decoded,
  ) {
    this.#headers = headers;
    this.#hasHasura = hasHasura;
    this.#decode = decode;
  }

  hasuraHeader(name: HasuraHeader): string | undefined {
    return this.#hasHasura ? this.header(name) : undefined;
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string') return this.#decode(value);
    // A name such as "constructor" finds what every object inherits.
    return Object.hasOwn(this.#headers, name) ? this.#text(name, value) : undefined;
  }

  unread(name: string): string | undefined {
    const value = this.#headers[name];
    return typeof value === 'string' ? value : undefined;
  }

  *headers(): Generator<readonly [string, string]> {
    for (const [name, value] of Object.entries(this.#headers)) {
      const text = this.#text(name, value);
      if (text !== undefined) yield [name, text];
    }
  }

  #text(name: string, value: unknown): string | undefined {
    const text = joined(name, value);
    return text === undefined ? undefined : this.#decode(text);
  }

  asSent(): RequestView {
    return new LowerCaseRequest(
      { headers: this.#headers, hasHasura: this.#hasHasura },
      this.source,
      this.observe,
      (value) => value,
    );
  }
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
function readable(headers: unknown): ReadableHeaders {
  if (typeof headers === 'object' && headers !== null) {
    if (isWebHeaders(headers)) return lowerCased(webEntries(headers));
    if (isPlain(headers)) return asTheyAre(headers) ?? lowerCased(Object.entries(headers));
  }
  // Read as "no headers", a wrong secret in them would count as no credentials at all.
  throw new AuthError('unreadable-headers');
}

/** An app's observer, which gets nothing but the words of each step. */
function harmless(observe: StepObserver): FactObserver {
  return ({ step, outcome }) => {
    callHarmlessly(() => observe({ step, outcome }));
  };
}

/**
 * Reads a request from anywhere: Node's headers, a record with names in any case, or the web's `Headers`. Throws the
 * AuthError `unreadable-headers` if they are none of these.
 */
export function anyRequest(request: AuthRequest, observe?: StepObserver): RequestView {
  const headers = readable(request.headers);
  return new LowerCaseRequest(headers, request, observe && harmless(observe));
}

/** The same for an explanation: every step is taken, and reports all that it knows. */
export function explainedRequest(request: AuthRequest, observe: FactObserver): RequestView {
  return new LowerCaseRequest(readable(request.headers), request, observe);
}
