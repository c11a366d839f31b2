/** Headers by name as Node gives them, names in any case. */
export type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is read of the web's `Headers`. */
export interface WebHeaders {
  get(name: string): string | null;
  forEach(visit: (value: string, name: string) => void): void;
}

/** All that is asked of a request. Express's `req`, Koa's `ctx.request` and Fastify's `request` fit as they are. */
export interface AuthRequest {
  /** Node's `IncomingHttpHeaders`, or the web's `Headers`; names in any case. */
  readonly headers: HeaderRecord | WebHeaders;
  /** The parsed body, where a body parser ran. Only a webhook in POST mode reads it. */
  readonly body?: unknown;
  /** The HTTP method. Only a webhook in POST mode reads it: whether the GraphQL request is in the body or the address. */
  readonly method?: string | undefined;
  /** The path and query. Only a webhook in POST mode reads it, for GraphQL requests by GET. */
  readonly url?: string | undefined;
}

/** One step of a decision, told to an observer as it happens. Holds no secret, no token and no claim. */
export interface DecisionStep {
  readonly step:
    | 'admin-secret'
    | 'token-location'
    | 'match-issuer'
    | 'verify'
    | 'claims'
    | 'role'
    | 'webhook'
    | 'unauthenticated';
  /** What came out, in words of the field. */
  readonly outcome: string;
}

/** Watches one decision. Absent, it costs a comparison with undefined. */
export type StepObserver = (step: DecisionStep) => void;

/** A request as the methods see it: headers by lower-case name, empty values told from absent ones. */
export interface RequestView {
  readonly source: AuthRequest;
  readonly observe: StepObserver | undefined;
  /** The value of a header by its lower-case name; several values are joined as Node joins them. */
  header(lowerCaseName: string): string | undefined;
  /** Every header, names in lower case. */
  headers(): Iterable<readonly [lowerCaseName: string, value: string]>;
}

/** Between several values of one header, as Node joins them. */
function separator(name: string): string {
  return name === 'cookie' ? '; ' : ', ';
}

/** A value of another type than HTTP knows is no credential: it reads as empty, which no check accepts. */
function text(name: string, value: unknown): string | undefined {
  if (typeof value === 'string' || value === undefined) return value;
  if (value === null) return undefined;
  if (!Array.isArray(value)) return '';
  return value.filter((part) => typeof part === 'string').join(separator(name));
}

/** Headers as Node's HTTP server leaves them: own members in lower case. */
class NodeRequest implements RequestView {
  readonly #headers: Readonly<Record<string, unknown>>;

  constructor(
    headers: Readonly<Record<string, unknown>>,
    readonly source: AuthRequest,
    readonly observe: StepObserver | undefined,
  ) {
    this.#headers = headers;
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    if (typeof value === 'string' || value === undefined) return value;
    // A name such as "constructor" finds what every object inherits.
    return Object.hasOwn(this.#headers, name) ? text(name, value) : undefined;
  }

  *headers(): Generator<readonly [string, string]> {
    for (const [name, value] of Object.entries(this.#headers)) {
      const joined = text(name, value);
      if (joined !== undefined) yield [name, joined];
    }
  }
}

function isWebHeaders(headers: AuthRequest['headers']): headers is WebHeaders {
  return typeof headers.get === 'function' && typeof headers.forEach === 'function';
}

/** Header names known to be in lower case: looking one up takes half the time of `toLowerCase`, once for each header. */
const lowerCaseNames = new Set<string>();
const mostNames = 200;

function isLowerCase(name: string): boolean {
  if (lowerCaseNames.has(name)) return true;
  if (name !== name.toLowerCase()) return false;
  if (lowerCaseNames.size < mostNames) lowerCaseNames.add(name); // strangers choose names, too
  return true;
}

function hasUpperCase(headers: object): boolean {
  for (const name in headers) if (!isLowerCase(name)) return true;
  return false;
}

/** Header names are one name in any case (RFC 9110, section 5.1); values under two spellings are joined. */
function lowerCased(entries: Iterable<readonly [string, unknown]>): Record<string, string> {
  const record = Object.create(null) as Record<string, string>; // a null prototype has no member yet
  for (const [anyCase, value] of entries) {
    const name = anyCase.toLowerCase();
    const joined = text(name, value);
    if (joined === undefined) continue;
    const before = record[name];
    record[name] = before === undefined ? joined : before + separator(name) + joined;
  }
  return record;
}

function webEntries(headers: WebHeaders): [string, string][] {
  const entries: [string, string][] = [];
  headers.forEach((value, name) => entries.push([name, value]));
  return entries;
}

/** Reads a request whose header names are known to be in lower case, as Node's server makes them. */
export function nodeRequest(request: AuthRequest, observe?: StepObserver): RequestView {
  // The type says readonly members of known kinds; what stands there is checked on each read.
  return new NodeRequest(request.headers as Readonly<Record<string, unknown>>, request, observe);
}

/** Reads a request from anywhere: `Headers`, or a record with names in any case. */
export function anyRequest(request: AuthRequest, observe?: StepObserver): RequestView {
  const headers: unknown = request.headers;
  if (typeof headers !== 'object' || headers === null) return new NodeRequest({}, request, observe);
  if (isWebHeaders(request.headers))
    return new NodeRequest(lowerCased(webEntries(request.headers)), request, observe);
  return hasUpperCase(headers)
    ? new NodeRequest(lowerCased(Object.entries(headers)), request, observe)
    : nodeRequest(request, observe);
}
