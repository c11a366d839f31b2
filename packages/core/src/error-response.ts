import type { AuthError, RefusalHeaders } from './errors.js';
import { headerProblem } from './header-checks.js';
import { isRecord } from './json.js';
import { adopted, isPromise, type MaybePromise } from './maybe-promise.js';
import { kindOf } from './option-checks.js';
import { type AuthRequest } from './request.js';
import { isPlain, isWebHeaders, type WebHeaders } from './request-headers.js';

/** What is sent to a client whose request was refused. */
export interface RefusalResponse {
  /** The HTTP status. */
  readonly status: number;
  /** A string is set; each of a list is added, beside what other middleware has set (`Set-Cookie`). */
  readonly headers: RefusalHeaders;
  /** The text of the body; empty if there is none. */
  readonly body: string;
}

/** What an app's own `errorResponse` function returns; a body that is no string is sent as JSON. */
export interface CustomResponse {
  /** The HTTP status, from 200 to 599. */
  readonly status: number;
  /**
   * Response headers; a list is a header several times. Those that the server itself sets, such as `Content-Length`, are
   * an error. Default none, other than the cookies of a webhook.
   */
  readonly headers?: RefusalHeaders | WebHeaders | undefined;
  /** Default empty. */
  readonly body?: unknown;
}

/** The styles that have a name. `forward` sends nothing: the error goes to the framework. */
export type ErrorResponseStyle = 'http' | 'engine' | 'graphql' | 'metadata' | 'problem' | 'forward';

/** How a refusal is answered: a style by name, or a function, which may be async. */
export type ErrorResponse =
  | ErrorResponseStyle
  | ((error: AuthError, request: AuthRequest) => CustomResponse | PromiseLike<CustomResponse>);

/** Every style, in the order of the documentation. */
export const errorResponseStyles: readonly ErrorResponseStyle[] = [
  'http',
  'engine',
  'graphql',
  'metadata',
  'problem',
  'forward',
];

const json = { 'Content-Type': 'application/json; charset=utf-8' };

function graphqlBody(error: AuthError): string {
  return JSON.stringify({ errors: [error.toJSON()] });
}

/** RFC 9457. The type is left at its default, about:blank, whose title is that of the status. */
function problemBody(error: AuthError): string {
  const { status, code, message } = error;
  return JSON.stringify({ status, title: titles[status], detail: message, code });
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The headers of an app's function with the cookies of a webhook, unless the function has returned its own. */
function withCookies(headers: RefusalHeaders, error: AuthError): RefusalHeaders {
  const cookies = error.headers['Set-Cookie'];
  const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === 'set-cookie');
  return cookies === undefined || hasOwn ? headers : { ...headers, 'Set-Cookie': cookies };
}

/** As the engine answers: no header of HTTP's own, but the cookies of a webhook, which it passes on. */
function engineHeaders({ headers }: AuthError): RefusalHeaders {
  const cookies = headers['Set-Cookie'];
  return cookies === undefined ? json : { 'Set-Cookie': cookies, ...json };
}

/** The response to a refusal in one style; undefined if the error goes to the framework. */
export function refusalResponse(
  error: AuthError,
  style: ErrorResponse,
  request: AuthRequest,
): MaybePromise<RefusalResponse | undefined> {
  if (typeof style === 'function') return customResponse(style(error, request), error);
  switch (style) {
    case 'http':
      return {
        status: error.status,
        headers: { ...error.headers, ...json },
        body: graphqlBody(error),
      };
    case 'engine':
      return {
        status: error.engineStatus,
        headers: engineHeaders(error),
        body: graphqlBody(error),
      };
    case 'graphql':
      return { status: 200, headers: engineHeaders(error), body: graphqlBody(error) };
    case 'metadata': {
      const { path, message, code } = error;
      return {
        status: error.engineStatus,
        headers: engineHeaders(error),
        body: JSON.stringify({ path, error: message, code }),
      };
    }
    case 'problem':
      return {
        status: error.status,
        headers: { ...error.headers, 'Content-Type': 'application/problem+json' },
        body: problemBody(error),
      };
    case 'forward':
      return undefined;
  }
}

function mistake(problem: string): Error {
  return new Error(`errorResponse: ${problem}`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599;
}

/** The headers that the function returned; a member without a value is none. */
function customHeaders(headers: unknown): RefusalHeaders {
  if (headers === undefined) return {};
  if (isRecord(headers) && isWebHeaders(headers)) return fromWebHeaders(headers);
  if (!isRecord(headers) || !isPlain(headers))
    throw mistake(
      `headers must be an object literal of strings or the web's Headers, got ${kindOf(headers)}`,
    );
  const checked: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) checked[name] = customHeader(name, value);
  return checked;
}

function customHeader(name: string, value: unknown): string | string[] {
  const copy: unknown = Array.isArray(value) ? [...(value as readonly unknown[])] : value;
  if (!isText(copy) && !(Array.isArray(copy) && copy.every(isText)))
    throw mistake(`the header ${name} must be a string or a list of strings, got ${kindOf(value)}`);
  // Node would throw for these only when it writes the response.
  const problem = headerProblem(name, copy);
  if (problem !== undefined) throw mistake(`the header ${JSON.stringify(name)} ${problem}`);
  return copy;
}

function fromWebHeaders(headers: WebHeaders): RefusalHeaders {
  const others: Record<string, string | string[]> = {};
  const cookies: string[] = [];
  headers.forEach((value, name) => {
    const checked = customHeader(name, value);
    if (name.toLowerCase() === 'set-cookie') cookies.push(...[checked].flat());
    else others[name] = checked;
  });
  return cookies.length === 0 ? others : { ...others, 'Set-Cookie': cookies };
}

function jsonBody(body: unknown): string {
  let text: unknown;
  try {
    text = JSON.stringify(body);
  } catch (cause) {
    throw new Error('errorResponse: the body cannot be written as JSON', { cause });
  }
  if (typeof text === 'string') return text; // a function or a symbol has none
  throw mistake(`the body must be a string or JSON, got ${kindOf(body)}`);
}

/** Whatever an app's own function returns, as a response; throws an Error that names the option. */
function customResponse(returned: unknown, error: AuthError): MaybePromise<RefusalResponse> {
  if (isPromise(returned)) return adopted(returned).then((later) => customResponse(later, error));
  if (!isRecord(returned))
    throw mistake(`the function must return an object, got ${kindOf(returned)}`);
  const { status, body = '' } = returned;
  if (!isStatus(status))
    throw mistake(
      `the status that the function returns must be a whole number from 200 to 599, got ${typeof status === 'number' ? 'another number' : kindOf(status)}`,
    );
  const headers = withCookies(customHeaders(returned['headers']), error);
  return typeof body === 'string'
    ? { status, headers, body }
    : { status, headers: { ...json, ...headers }, body: jsonBody(body) };
}
