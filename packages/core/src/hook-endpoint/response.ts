import type { AuthError } from '../errors.js';
import type { Decision } from '../session.js';

/** What an endpoint of ours answers, for an adapter to send. */
export interface EndpointReply {
  readonly status: number;
  /** Headers to set. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers to add, name and value of each: a name may come more than once (`Set-Cookie`). */
  readonly added: Decision['headers'];
  readonly body: string;
}

/** Who asks: the engine, which reads JSON, or a gateway, which reads headers and tells 401 from 403. */
export type EndpointForm = 'hasura' | 'headers';

/** What a session is may change with every request, so no proxy between may keep the answer. */
const noStore = { 'Cache-Control': 'no-store' };
const json = { 'Content-Type': 'application/json; charset=utf-8', ...noStore };

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** ASCII that comes out of any HTTP parser as it went in: spaces at either end would be cut off. */
const plainValue = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;

function asJson({ session, headers }: Decision, now: number): EndpointReply {
  const { sessionVariables, expiresAt } = session;
  const left = expiresAt === undefined ? undefined : Math.floor((expiresAt - now) / 1000);
  const lifetime =
    left === undefined ? {} : { 'Cache-Control': `max-age=${String(Math.max(0, left))}` };
  return {
    status: 200,
    headers: json,
    added: headers,
    body: JSON.stringify({ ...sessionVariables, ...lifetime }),
  };
}

/** Refuses to answer rather than to leave a variable out or to change it: the one behind the gateway decides by it. */
function asHeaders({ session, headers }: Decision): EndpointReply {
  const { sessionVariables } = session;
  for (const [name, value] of Object.entries(sessionVariables))
    if (!token.test(name) || !plainValue.test(String(value)))
      throw new Error(
        `authHookHandler: the session variable ${JSON.stringify(name)} cannot be put into a response header, which takes printable ASCII without spaces at its ends`,
      );
  return { status: 200, headers: { ...sessionVariables, ...noStore }, added: headers, body: '' };
}

/** The answer that lets a request pass. */
export function grant(decision: Decision, form: EndpointForm, now: number): EndpointReply {
  return form === 'hasura' ? asJson(decision, now) : asHeaders(decision);
}

/** The engine knows 401 only; gateways know 401 and 403. What is not the client's fault is a failure to both. */
function refusalStatus(status: number, form: EndpointForm): number {
  if (status >= 500) return status;
  return form === 'hasura' || status === 401 ? 401 : 403;
}

/** The answer that does not. */
export function refusal(error: AuthError, form: EndpointForm): EndpointReply {
  return {
    status: refusalStatus(error.status, form),
    headers: { ...error.headers, ...json },
    added: [],
    body: JSON.stringify({ errors: [error.toJSON()] }),
  };
}

/** The answer to a POST whose body is no hook's call, so that whoever set it up sees what is missing. */
export const notACall: EndpointReply = {
  status: 400,
  headers: json,
  added: [],
  body: JSON.stringify({
    error: 'expected the call of an auth hook: {"headers": {…strings}, "request": …}',
  }),
};
