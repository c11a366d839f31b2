import type { AuthError, RefusalHeaders } from '../errors.js';
import { fieldName } from '../request-headers.js';
import type { Decision } from '../session.js';
import { quotedWord } from '../problem-log.js';

/** The response of an auth hook, for an adapter to send. */
export interface EndpointResponse {
  /** The HTTP status. */
  readonly status: number;
  /** A string is set; each of a list is added, beside what other middleware has set (`Set-Cookie`). */
  readonly headers: RefusalHeaders;
  /** The text of the body: JSON, or empty for a gateway whose request is accepted. */
  readonly body: string;
}

/** The caller: an engine, which reads JSON, or a gateway, which reads headers and distinguishes 401 from 403. */
export type EndpointForm = 'hasura' | 'headers';

/** A session may differ with every request, so no proxy may keep the response. */
const noStore = { 'Cache-Control': 'no-store' };
const json = { 'Content-Type': 'application/json; charset=utf-8', ...noStore };

/** ASCII that every HTTP parser returns unchanged: it would cut off spaces at either end. */
const plainValue = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;

/** The cookies of a hook that was asked in turn, each a header of its own. */
function cookiesOf({ headers }: Decision): RefusalHeaders {
  return headers.length === 0 ? {} : { 'Set-Cookie': headers.map(([, cookie]) => cookie) };
}

function asJson(decision: Decision, now: number): EndpointResponse {
  const { sessionVariables, expiresAt } = decision.session;
  const seconds = expiresAt === undefined ? undefined : Math.floor((expiresAt - now) / 1000);
  const lifetime =
    seconds === undefined ? {} : { 'Cache-Control': `max-age=${String(Math.max(0, seconds))}` };
  return {
    status: 200,
    headers: { ...json, ...cookiesOf(decision) },
    body: JSON.stringify({ ...sessionVariables, ...lifetime }),
  };
}

/** Fails instead of omitting or changing a variable: the application behind the gateway grants access by it. */
function asHeaders(decision: Decision): EndpointResponse {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(decision.session.sessionVariables)) {
    if (!fieldName.test(name) || !plainValue.test(String(value)))
      throw new Error(
        `authHookHandler: the session variable ${quotedWord(name)} cannot be sent as a response header, which takes printable ASCII without spaces at its ends`,
      );
    variables[name] = String(value);
  }
  return {
    status: 200,
    headers: { ...variables, ...noStore, ...cookiesOf(decision) },
    body: '',
  };
}

/** The response that accepts a request. */
export function acceptingResponse(
  decision: Decision,
  form: EndpointForm,
  now: number,
): EndpointResponse {
  return form === 'hasura' ? asJson(decision, now) : asHeaders(decision);
}

/** The engine knows 401 only; gateways know 401 and 403. An error that is not the client's fault stays a 5xx. */
function refusalStatus(status: number, form: EndpointForm): number {
  if (status >= 500) return status;
  return form === 'hasura' || status === 401 ? 401 : 403;
}

/** The response that refuses a request. */
export function refusingResponse(error: AuthError, form: EndpointForm): EndpointResponse {
  return {
    status: refusalStatus(error.status, form),
    headers: { ...error.headers, ...json },
    body: JSON.stringify({ errors: [error.toJSON()] }),
  };
}

/** The response to a POST whose body is not the call of a hook; it shows the operator what is missing. */
export const notACall: EndpointResponse = {
  status: 400,
  headers: json,
  body: JSON.stringify({
    error: 'expected the call of an auth hook: {"headers": {…strings}, "request": …}',
  }),
};
