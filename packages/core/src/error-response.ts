import type { AuthError } from './errors.js';
import type { AuthRequest } from './request.js';

/** What is sent to a client whose request was refused. */
export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a function of the app's own may answer; a body that is no string is sent as JSON. */
export interface CustomAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The styles that have a name. `forward` answers nothing: the error goes to the framework. */
export type ErrorResponseStyle = 'http' | 'engine' | 'graphql' | 'metadata' | 'problem' | 'forward';

/** How a refusal is answered: a style by name, or a function. */
export type ErrorResponse =
  ErrorResponseStyle | ((error: AuthError, request: AuthRequest) => CustomAnswer);

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

/** The answer of a refusal in one style; undefined where the error goes to the framework. */
export function answerRefusal(
  error: AuthError,
  style: ErrorResponse,
  request: AuthRequest,
): RefusalAnswer | undefined {
  if (typeof style === 'function') return customAnswer(style(error, request));
  switch (style) {
    case 'http':
      return {
        status: error.status,
        headers: { ...error.headers, ...json },
        body: graphqlBody(error),
      };
    case 'engine':
      return { status: error.engineStatus, headers: json, body: graphqlBody(error) };
    case 'graphql':
      return { status: 200, headers: json, body: graphqlBody(error) };
    case 'metadata': {
      const { path, message, code } = error;
      return {
        status: error.engineStatus,
        headers: json,
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

function customAnswer({ status, headers = {}, body = '' }: CustomAnswer): RefusalAnswer {
  return typeof body === 'string'
    ? { status, headers, body }
    : { status, headers: { ...json, ...headers }, body: JSON.stringify(body) };
}
