import type { DecisionFact, FactObserver } from './facts.js';
import type { Members } from './json.js';
import type { MaybePromise } from './maybe-promise.js';
import {
  joined,
  readable,
  type HeaderRecord,
  type ReadableHeaders,
  type WebHeaders,
} from './request-headers.js';
import { callHarmlessly } from './runtime.js';
import type { Decision } from './session.js';

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

/** The role that the client asks for; an empty header counts as absent, as in the engine. */
export function requestedRole(request: RequestView): string | undefined {
  return request.hasuraHeader('x-hasura-role') || undefined;
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

/**
 * One way of resolving a request. Returns undefined to leave the request to the next method, so that methods never need
 * each other; throws a refusal. It may decide at once or later.
 */
export type AuthMethod = (request: RequestView) => MaybePromise<Decision | undefined>;
